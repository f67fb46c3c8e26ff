"""The logs of a run's jobs one after another, as one text with a place in it."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

_CURSOR = re.compile(r"(\d{1,6})\.(\d{1,7})\.(\d{1,15})")


class Cursor(NamedTuple):
    """A place: so many bytes into this attempt of the job at this position. Written `0.1.2048`."""

    position: int = 0
    attempt: int | None = None  # None: the last one there is
    offset: int = 0

    def __str__(self) -> str:
        return f"{self.position}.{self.attempt or 0}.{self.offset}"


class Tried(NamedTuple):
    """A job of the run: the number of its last attempt, and whether it is over."""

    id: str
    name: str | None
    attempt: int
    finished: bool


class Part(NamedTuple):
    """Bytes of one attempt's log, from `start` to before `end`."""

    job: Tried
    attempt: int
    start: int
    end: int


class Tail(NamedTuple):
    """What there is from a place on, the place behind it, and whether no more will come."""

    parts: list[Part]
    cursor: Cursor
    finished: bool


def read_cursor(text: str) -> Cursor | None:
    """None for what no answer ever named."""
    match = _CURSOR.fullmatch(text)
    return Cursor(*map(int, match.groups())) if match else None


def tail(jobs: Sequence[Tried], cursor: Cursor, size: Callable[[str, int], int]) -> Tail:
    """Up to the first job that goes on: what comes behind it is not said before it is over."""
    parts: list[Part] = []
    for at, over in _places(jobs, cursor):
        job, attempt = jobs[at.position], at.attempt or 0
        end = max(size(job.id, attempt), at.offset)
        if end > at.offset:
            parts.append(Part(job, attempt, at.offset, end))
        cursor = Cursor(at.position, attempt, end)
        if not over:
            return Tail(parts, cursor, False)
    return Tail(parts, cursor, True)


def _places(jobs: Sequence[Tried], cursor: Cursor) -> Iterator[tuple[Cursor, bool]]:
    """Each attempt from the cursor on, and whether it is over; of jobs that are reached later only
    the last attempt."""
    while cursor.position < len(jobs):
        job = jobs[cursor.position]
        if cursor.attempt is None:
            cursor = cursor._replace(attempt=job.attempt)
        attempt = cursor.attempt or 0
        yield cursor, job.finished or attempt < job.attempt
        if attempt < job.attempt:
            cursor = Cursor(cursor.position, attempt + 1)
        else:
            cursor = Cursor(cursor.position + 1)
