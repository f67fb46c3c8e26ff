"""Runs as the page lists them, newest first, a page at a time."""

import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, or_, select

from webapp.engine.states import FINISHED_JOB
from webapp.engine.states import Job as Status
from webapp.extensions import db
from webapp.models.job import Job
from webapp.models.queue import IN_LINE, WAITS
from webapp.models.run import Run
from webapp.models.runner import Runner

MOST_JOBS = 25  # of one run in the list; its own page shows all
_WAITING_SEEN = 200


def run_rows(most: int, before: int | None, words: str, statuses: Sequence[Status]) -> list[Run]:
    """At most `most` runs older than the run `before`, that match words or one of the statuses."""
    query = select(Run).order_by(Run.id.desc()).limit(most)
    if before is not None:
        query = query.where(Run.id < before)
    if words:
        fields = (Run.name, Run.workflow_name, Run.tag_name)
        hits = [field.icontains(words, autoescape=True) for field in fields]
        query = query.where(or_(*hits, Run.status.in_(statuses)))
    return list(db.session.scalars(query))


def any_run() -> bool:
    """Whether there is a run at all."""
    return db.session.scalar(select(Run.id).limit(1)) is not None


def jobs_of_runs(run_ids: Sequence[int], most: int | None = MOST_JOBS) -> dict[int, list[Any]]:
    """Run id -> its first jobs, each with the name of its runner as `runner_name`."""
    table = Job.__table__
    query = select(table, Runner.name.label("runner_name"))
    query = query.outerjoin(Runner.__table__, Runner.id == table.c.runner_id)
    query = query.where(table.c.run_id.in_(run_ids))
    if most is not None:
        query = query.where(table.c.position < most)
    found: dict[int, list[Any]] = defaultdict(list)
    for job in db.session.execute(query.order_by(table.c.run_id, table.c.position)):
        found[job.run_id].append(job)
    return found


def job_counts(run_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Run id -> (finished jobs, all jobs)."""
    query = select(Job.run_id, Job.status, func.count()).where(Job.run_id.in_(run_ids))
    finished: Counter[int] = Counter()
    total: Counter[int] = Counter()
    for run_id, status, number in db.session.execute(query.group_by(Job.run_id, Job.status)):
        total[run_id] += number
        finished[run_id] += number if status in FINISHED_JOB else 0
    return {run_id: (finished[run_id], total[run_id]) for run_id in run_ids}


def waiting_digest() -> int:
    """Changes when the sentence of a waiting job does, which leaves no event."""
    query = select(Job.id, Job.waiting)
    query = query.where(*WAITS).order_by(*IN_LINE).limit(_WAITING_SEEN)
    return zlib.crc32(repr([tuple(row) for row in db.session.execute(query)]).encode())
