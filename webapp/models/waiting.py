"""What waits for a machine. Read every second, also when ten thousand jobs wait."""

from collections.abc import Iterator

from sqlalchemy import select

from webapp.engine.resources import Ask
from webapp.models.job import Job
from webapp.models.queue import IN_LINE, WAITS, asks_of
from webapp.models.transaction import execute

_JOBS = Job.__table__
_QUERY = select(_JOBS.c.id, _JOBS.c.waiting, _JOBS.c.kind).where(*WAITS).order_by(*IN_LINE)


def waiting_jobs(most: int | None = None) -> Iterator[tuple[str, str | None, Ask]]:
    """(id, its sentence, what it asks) in the order of the queue; equal asks are one object. What
    waits for other jobs of its run is no work for a machine yet."""
    rows = execute(_QUERY.limit(most) if most else _QUERY).all()
    asks = asks_of({kind for _, _, kind in rows})
    for job_id, waiting, kind in rows:
        if kind in asks:
            yield job_id, waiting, asks[kind]
