"""One tick: decide from one instant, apply, and make the calls that follow from it.

Runs every second, and at once when a job is submitted. Costs two queries while nothing waits and
nothing lives.
"""

from webapp.engine.plan import plan
from webapp.tasks.apply import apply
from webapp.tasks.gather import gather
from webapp.tasks.launch import launch
from webapp.tasks.terminate import terminate


def tick(now: int) -> int:
    """How many actions had an effect."""
    snapshot = gather(now)
    if snapshot is None:
        return terminate(now)
    done = apply(plan(snapshot), now)
    return done + launch(now) + terminate(now)
