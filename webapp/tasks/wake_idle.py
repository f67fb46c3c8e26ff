"""Wake waiting runners for waiting jobs, in case an announcement was missed.

Runs in every process, each second; costs nothing while nobody waits.
"""

from collections import Counter

from webapp.engine.resources import Ask
from webapp.models.waiting import waiting_jobs
from webapp.wakeups import the_wakeups


def wake_idle(now: int) -> int:
    """How many waiting jobs were looked at."""
    wakeups = the_wakeups()
    if not wakeups.someone_waits():
        return 0
    demand = waiting_demand()
    wakeups.wake_for(demand)
    return demand.total()


def waiting_demand(most: int = 1000) -> Counter[Ask]:
    """What the longest waiting jobs ask, with how many of each."""
    return Counter(ask for _, _, ask in waiting_jobs(most))
