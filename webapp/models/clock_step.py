"""The clock of the server was set back: moments of the books lie in the future then.

Nothing that is due may wait for them: a region would not be looked at, a terminate call not be
repeated, a silent runner not be missed until the clock has caught up, and machines are billed.
"""

from typing import Any

from sqlalchemy import update

from webapp.engine.words import count
from webapp.models.event import Who, record
from webapp.models.instance import Instance
from webapp.models.limit import Limit
from webapp.models.region import Region
from webapp.models.runner import Runner
from webapp.models.stranger import Stranger
from webapp.models.transaction import execute, require_writing

_MOMENTS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Instance, ("called_at", "next_try_at", "terminate_next_at", "missing_since")),
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
