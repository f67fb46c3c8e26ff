"""What waits for a machine. Read every second, also when ten thousand jobs wait."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Text, cast, select

from webapp.engine.resources import Ask
from webapp.engine.states import Job as Status
from webapp.models.job import Job
from webapp.models.transaction import execute

_JOBS = Job.__table__
_QUERY = (
    select(
        _JOBS.c.id,
        _JOBS.c.waiting,
        _JOBS.c.cpu_milli,
        _JOBS.c.memory_mib,
        _JOBS.c.shm_mib,
        _JOBS.c.gpu_count,
        _JOBS.c.gpu_name,
        _JOBS.c.gpu_memory_mib,
        # As text: reading the same few lists anew for each job costs more than all the rest.
        cast(_JOBS.c.labels, Text),
        _JOBS.c.image.is_not(None),
        _JOBS.c.interruptible,
    )
    .where(_JOBS.c.status == Status.SUBMITTED, _JOBS.c.blocked_by == 0)
    .order_by(_JOBS.c.queued_at, _JOBS.c.id)
)


def waiting_jobs(most: int | None = None) -> Iterator[tuple[str, str | None, Ask]]:
    """(id, its sentence, what it asks) in the order of the queue; equal asks are one object. What
    waits for other jobs of its run is no work for a machine yet."""
    known: dict[tuple[Any, ...], Ask] = {}
    for row in execute(_QUERY.limit(most) if most else _QUERY):
        kind = row[2:]
        ask = known.get(kind) or known.setdefault(kind, _ask(*kind))
        yield row[0], row[1], ask


def _ask(
    cpu_milli: int,
    memory_mib: int,
    shm_mib: int,
    gpu_count: int,
    gpu_name: str | None,
    gpu_memory_mib: int,
    labels: str,
    container: bool,
    interruptible: bool | None,
) -> Ask:
    return Ask(
        cpu_milli,
        memory_mib,
        shm_mib,
        gpu_count,
        gpu_name,
        gpu_memory_mib,
        frozenset(json.loads(labels)),
        container,
        interruptible,
    )
