"""A runner claims waiting jobs: the oldest that fit into what it has left."""

from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, select

from webapp.engine.resources import Have, fits, left, take
from webapp.engine.states import ACTIVE_JOB
from webapp.models.event import Who
from webapp.models.job import Job, ask
from webapp.models.job_moves import claim_job
from webapp.models.queue import Queue, kinds_that_fit
from webapp.models.runner import Runner, have
from webapp.models.transaction import execute

# Built once: every poll runs these, and making a statement takes longer than SQLite takes for it.
_RUNNER = select(Runner.__table__).where(Runner.__table__.c.id == bindparam("runner_id"))
_RUNNER = _RUNNER.with_for_update()
_JOBS = select(Job.__table__).where(
    Job.__table__.c.runner_id == bindparam("runner_id"), Job.__table__.c.status.in_(ACTIVE_JOB)
)


def lock_runner(runner_id: str) -> Any:
    """The runner's row, locked for this transaction (SQLite has locked everything already)."""
    return execute(_RUNNER, {"runner_id": runner_id}).first()


def jobs_on(runner_id: str) -> list[Any]:
    """Rows of the jobs that are this runner's now."""
    return list(execute(_JOBS, {"runner_id": runner_id}))


def room_left(runner: Any, jobs: list[Any], slots: int) -> Have:
    """What the machine has left beside these jobs, for at most `slots` more."""
    rest = left(have(runner), (ask(job) for job in jobs))
    return replace(rest, slots=slots if rest.slots is None else min(slots, rest.slots))


def claim_jobs(who: Who, runner_id: str, room: Have, now: int) -> tuple[list[str], Have]:
    """Ids of the jobs that became this runner's, and what it has left after them."""
    claimed = []
    queues = [Queue(*kind) for kind in kinds_that_fit(room)]
    while queue := _oldest(queues, room):
        job, needs = queue.head, queue.needs
        if claim_job(who, job, runner_id, now):
            claimed.append(job.id)
            room = take(room, needs)
        queue.step()
    return claimed, room


def _oldest(queues: list[Queue], room: Have) -> Queue | None:
    """The one whose next job is the oldest of those that still fit."""
    if room.cpu_milli <= 0:
        return None
    able = [queue for queue in queues if queue.head and fits(queue.needs, room)]
    return min(able, key=lambda queue: queue.place, default=None)
