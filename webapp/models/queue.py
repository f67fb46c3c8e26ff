"""The queue, kind by kind: ten thousand jobs that no machine has room for are one look."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, select, tuple_
from sqlalchemy.exc import NoResultFound

from webapp.engine.resources import Ask, Have, fits
from webapp.engine.states import Job as Status
from webapp.models.job import Job, ask
from webapp.models.transaction import execute

_PAGE = 8
_JOBS = Job.__table__
#: A job waits for a runner, and not for other jobs of its run.
WAITS = (_JOBS.c.status == Status.SUBMITTED, _JOBS.c.blocked_by == 0)
#: The order of the queue, which is also the one of an index.
IN_LINE = (_JOBS.c.queued_at, _JOBS.c.id)


def _each_kind() -> Any:
    """One step in the index for each kind that waits; DISTINCT would read the whole queue."""
    lowest = select(_JOBS.c.kind).where(*WAITS)
    lowest = lowest.order_by(_JOBS.c.status, _JOBS.c.blocked_by, _JOBS.c.kind).limit(1)
    found = select(lowest.scalar_subquery().label("kind")).cte("found", recursive=True)
    above = lowest.where(_JOBS.c.kind > found.c.kind).correlate(found).scalar_subquery()
    found = found.union_all(select(above).where(found.c.kind.is_not(None)))
    return select(found.c.kind).where(found.c.kind.is_not(None))


# Made once: each poll runs these. All are in the order of the index by kind, also where it does not
# matter, and name their kind as a range: nothing else tells PostgreSQL to take this index, whatever
# it guesses of the table. It took the few jobs that are counted to be near the beginning of all
# there ever were, and those of a kind to be among the first that wait.
_KINDS = _each_kind()
_PLACE = (_JOBS.c.kind, *IN_LINE)
_LAST = tuple_(bindparam("of_kind"), bindparam("moment"), bindparam("last"))
_UP_TO_KIND = (*WAITS, _JOBS.c.kind <= bindparam("of_kind"))
_OF_KIND = (*_UP_TO_KIND, _JOBS.c.kind >= bindparam("of_kind"))
_OLDEST_ONE = select(_JOBS).where(*_OF_KIND).order_by(*_PLACE).limit(1)
_OLDEST = _OLDEST_ONE.limit(_PAGE)
_NEXT = select(_JOBS).where(*_UP_TO_KIND, tuple_(*_PLACE) > _LAST).order_by(*_PLACE).limit(_PAGE)
_FEW = select(_JOBS.c.id).where(*_OF_KIND).order_by(*_PLACE).limit(bindparam("most"))
_COUNT = select(func.count()).select_from(_FEW.subquery())


class Queue:
    """The waiting jobs of one kind, the oldest first; `head` None: there are no more."""

    def __init__(self, kind: str, needs: Ask) -> None:
        self.needs = needs
        self._jobs = _jobs_of(kind)
        self.head: Any = None
        self.step()

    def step(self) -> None:
        """Go on to the next one."""
        self.head = next(self._jobs, None)

    @property
    def place(self) -> tuple[int, str]:
        """Where its head stands among all that wait."""
        return self.head.queued_at, self.head.id


def kinds_that_fit(room: Have) -> list[tuple[str, Ask]]:
    """Of those that wait: each kind and what it asks."""
    if room.slots == 0 or room.cpu_milli <= 0:
        return []
    asks = asks_of(row.kind for row in execute(_KINDS).all())
    return [(kind, needs) for kind, needs in asks.items() if fits(needs, room)]


def asks_of(kinds: Iterable[str]) -> dict[str, Ask]:
    """What they ask; without those of which no job waits any more."""
    found = {}
    for kind in kinds:
        # On PostgreSQL its last job may have been claimed since the query before.
        with suppress(NoResultFound):
            found[kind] = _ask_of(kind)
    return found


def how_many(kinds: list[tuple[str, Ask]], most: int) -> int:
    """Jobs of these kinds that wait, as far as that is less than `most`."""
    found = 0
    for kind, _ in kinds:
        if found < most:
            found += execute(_COUNT, {"of_kind": kind, "most": most}).scalar_one()
    return min(found, most)


def _jobs_of(kind: str) -> Iterator[Any]:
    page = execute(_OLDEST, {"of_kind": kind}).all()
    while page:
        yield from page
        if len(page) < _PAGE:
            return
        after = {"moment": page[-1].queued_at, "last": page[-1].id}
        page = execute(_NEXT, {"of_kind": kind, **after}).all()


@lru_cache(maxsize=10_000)
def _ask_of(kind: str) -> Ask:
    """A kind never asks anything else, in whichever database."""
    return ask(execute(_OLDEST_ONE, {"of_kind": kind}).one())
