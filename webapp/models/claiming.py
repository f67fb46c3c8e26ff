"""A runner claims waiting jobs: the oldest that fit into what it has left."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, or_, select, tuple_

from webapp.engine.resources import Have, fits, left, take
from webapp.engine.states import ACTIVE_JOB
from webapp.engine.states import Job as Status
from webapp.extensions import db
from webapp.models.event import Who
from webapp.models.job import Job, ask
from webapp.models.job_moves import claim_job
from webapp.models.runner import Runner, have

_PAGE = 32

# Built once: every poll runs these, and making a statement takes longer than SQLite takes for it.
_RUNNER = (
    select(Runner.__table__)
    .where(Runner.__table__.c.id == bindparam("runner_id"))
    .with_for_update()
)
_JOBS = select(Job.__table__).where(
    Job.__table__.c.runner_id == bindparam("runner_id"), Job.__table__.c.status.in_(ACTIVE_JOB)
)


def lock_runner(runner_id: str) -> Any:
    """The runner's row, locked for this transaction (SQLite has locked everything already)."""
    return db.session.execute(_RUNNER, {"runner_id": runner_id}).first()


def jobs_on(runner_id: str) -> list[Any]:
    """Rows of the jobs that are this runner's now."""
    return list(db.session.execute(_JOBS, {"runner_id": runner_id}))


def room_left(runner: Any, jobs: list[Any], slots: int) -> Have:
    """What the machine has left beside these jobs, for at most `slots` more."""
    rest = left(have(runner), (ask(job) for job in jobs))
    return replace(rest, slots=slots if rest.slots is None else min(slots, rest.slots))


def claim_jobs(who: Who, runner_id: str, room: Have, now: int) -> tuple[list[str], Have]:
    """Ids of the jobs that became this runner's, and what it has left after them."""
    claimed = []
    for job in _candidates(room):
        if not room.slots or room.cpu_milli <= 0:
            break
        needs = ask(job)
        if fits(needs, room) and claim_job(who, job, runner_id, now):
            claimed.append(job.id)
            room = take(room, needs)
    return claimed, room


def _candidates(room: Have) -> Iterator[Any]:
    """Waiting jobs that may fit, oldest first; labels and GPU names are the caller's to check."""
    query = _queue(room.containers, room.interruptible)
    most = {"cpu": room.cpu_milli, "memory": room.memory_mib, "gpus": len(room.gpus)}
    page = db.session.execute(query, most).all()
    while page:
        yield from page
        if len(page) < _PAGE:
            return
        last = page[-1]
        place = tuple_(Job.__table__.c.queued_at, Job.__table__.c.id)
        rest = query.where(place > (last.queued_at, last.id))
        page = db.session.execute(rest, most).all()


@cache
def _queue(containers: bool, interruptible: bool) -> Select[Any]:
    """The first page of the queue for such a machine."""
    jobs = Job.__table__
    query = select(jobs).where(
        jobs.c.status == Status.SUBMITTED,
        jobs.c.blocked_by == 0,
        jobs.c.cpu_milli <= bindparam("cpu"),
        jobs.c.memory_mib <= bindparam("memory"),
        jobs.c.gpu_count <= bindparam("gpus"),
    )
    if not containers:
        query = query.where(jobs.c.image.is_(None))
    if interruptible:
        query = query.where(or_(jobs.c.interruptible.is_(None), jobs.c.interruptible.is_(True)))
    return query.order_by(jobs.c.queued_at, jobs.c.id).limit(_PAGE)
