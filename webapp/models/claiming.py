"""A runner claims waiting jobs: the oldest that fit into what it has left."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import or_, select, tuple_

from webapp.engine.resources import Have, fits, left, take
from webapp.engine.states import ACTIVE_JOB
from webapp.engine.states import Job as Status
from webapp.extensions import db
from webapp.models.event import Who
from webapp.models.job import Job, ask
from webapp.models.job_moves import claim_job
from webapp.models.runner import Runner, have

_PAGE = 32


def lock_runner(runner_id: str) -> Any:
    """The runner's row, locked for this transaction (SQLite has locked everything already)."""
    runners = Runner.__table__
    query = select(runners).where(runners.c.id == runner_id).with_for_update()
    return db.session.execute(query).first()


def jobs_on(runner_id: str) -> list[Any]:
    """Rows of the jobs that are this runner's now."""
    jobs = Job.__table__
    query = select(jobs).where(jobs.c.runner_id == runner_id, jobs.c.status.in_(ACTIVE_JOB))
    return list(db.session.execute(query))


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
    jobs = Job.__table__
    query = select(jobs).where(
        jobs.c.status == Status.SUBMITTED,
        jobs.c.cpu_milli <= room.cpu_milli,
        jobs.c.memory_mib <= room.memory_mib,
        jobs.c.gpu_count <= len(room.gpus),
    )
    if not room.containers:
        query = query.where(jobs.c.image.is_(None))
    if room.interruptible:
        query = query.where(or_(jobs.c.interruptible.is_(None), jobs.c.interruptible.is_(True)))
    place = tuple_(jobs.c.queued_at, jobs.c.id)
    query = query.order_by(jobs.c.queued_at, jobs.c.id).limit(_PAGE)
    page = db.session.execute(query).all()
    while page:
        yield from page
        last = page[-1]
        page = db.session.execute(query.where(place > (last.queued_at, last.id))).all()
