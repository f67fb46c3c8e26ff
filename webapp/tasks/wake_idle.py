"""Wake waiting runners for waiting jobs, in case an announcement was missed.

Runs in every process, each second; costs nothing while nobody waits.
"""

from collections import Counter

from sqlalchemy import select

from webapp.engine.resources import Ask
from webapp.engine.states import Job as Status
from webapp.extensions import db
from webapp.models.job import Job, ask
from webapp.wakeups import the_wakeups

_ASKS = (
    Job.cpu_milli,
    Job.memory_mib,
    Job.shm_mib,
    Job.gpu_count,
    Job.gpu_name,
    Job.gpu_memory_mib,
    Job.interruptible,
)


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
    columns = (*_ASKS, Job.labels, Job.image)
    query = select(*columns).where(Job.status == Status.SUBMITTED, Job.blocked_by == 0)
    query = query.order_by(Job.queued_at, Job.id).limit(most)
    return Counter(ask(row) for row in db.session.execute(query))
