"""The clock of the server was set.

Back: moments of the books lie in the future then. Nothing that is due may wait for them: a region
would not be looked at, a terminate call not be repeated, a silent runner not be missed until the
clock has caught up, and machines are billed.

Forward: moments of the books seem long past. What EC2 does not list a second after it was asked for
would count as not listed for an hour, its slot would be free, and then it would be there.
"""

from typing import Any

from sqlalchemy import update

from webapp.engine.states import Instance as Status
from webapp.engine.words import count
from webapp.models.event import Who, record
from webapp.models.instance import Instance
from webapp.models.job import Attempt
from webapp.models.limit import Limit
from webapp.models.region import Region
from webapp.models.runner import Runner
from webapp.models.stranger import Stranger
from webapp.models.transaction import execute, require_writing

_MOMENTS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Instance, ("called_at", "next_try_at", "terminate_next_at", "missing_since")),
    # What ended or began while the clock was ahead has done so by now: an idle machine, or one that
    # does not boot, would be paid for until the clock has caught up.
    (Instance, ("created_at", "booted_at", "holding_since")),
    (Runner, ("created_at", "updated_at", "started_at", "idle_since")),
    (Attempt, ("finished_at",)),
    (Limit, ("trouble_until",)),
    (Region, ("tried_at", "next_try_at", "ground_at")),
    (Runner, ("last_seen_at",)),
    (Stranger, ("next_try_at",)),
)


def forget_the_future(who: Who, set_back_ms: int, now: int) -> None:
    """Whatever was to happen later may happen now; harmless, since everything is checked again."""
    require_writing()
    for model, names in _MOMENTS:
        table = model.__table__
        for name in names:
            column = table.c[name]
            execute(update(table).where(column > now).values({name: now}))
    seconds = count(set_back_ms // 1000, "second")
    record(who, "clock set back", f"by {seconds}: what waited for later is looked at now", now)


def wait_anew(who: Who, set_forward_ms: int, now: int) -> None:
    """EC2 gets its whole time again to list what it was asked for; harmless when done twice."""
    require_writing()
    table = Instance.__table__
    for name in ("called_at", "missing_since"):
        column = table.c[name]
        living = (table.c.status != Status.TERMINATED, column.is_not(None), column < now)
        execute(update(table).where(*living).values({name: now}))
    seconds = count(set_forward_ms // 1000, "second")
    record(who, "clock set forward", f"by {seconds}: what EC2 does not list is awaited anew", now)
