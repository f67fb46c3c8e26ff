"""A runner claims waiting jobs: the oldest that fit into what it has left."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from webapp.engine.resources import Ask, Have, fits, left, take
from webapp.engine.states import ACTIVE_JOB
from webapp.engine.states import Job as Status
from webapp.models.event import Who
from webapp.models.job import Job, ask
from webapp.models.job_moves import claim_job
from webapp.models.queue import Queue, kinds_that_fit
from webapp.models.run import lock_run_if_free
from webapp.models.runner import Runner, have
from webapp.models.transaction import execute

# Jobs of runs that others move; who has seen so many comes again.
_MOST_PASSED = 64

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
    return execute(_RUNNER, {"runner_id": runner_id}).first()


def jobs_on(runner_id: str) -> list[Any]:
    """Rows of the jobs that are this runner's now."""
    return list(execute(_JOBS, {"runner_id": runner_id}))


def room_left(runner: Any, jobs: list[Any], slots: int) -> Have:
    """What the machine has left beside these jobs, for at most `slots` more."""
    rest = left(have(runner), (ask(job) for job in jobs))
    return replace(rest, slots=slots if rest.slots is None else min(slots, rest.slots))


def claim_jobs(who: Who, runner_id: str, room: Have, now: int) -> tuple[list[Any], Have]:
    """The jobs that became this runner's, as they are now, and what it has left after them.

    Jobs of runs that others move at this moment are passed over: all who look for work would wait
    for each other at the oldest. Only who found no other, and keeps nobody waiting, waits.
    """
    claims = _Claims(who, runner_id, room, now)
    first = claims.pass_through([Queue(*kind) for kind in kinds_that_fit(room)])
    if first is not None and not claims.holds_any:
        claims.claim(first.head, first.needs)
    return claims.claimed, claims.room


class _Passed(NamedTuple):
    """A job of a run that others move, and what it asks."""

    head: Any
    needs: Ask


class _Claims:
    """What one look took."""

    def __init__(self, who: Who, runner_id: str, room: Have, now: int) -> None:
        self._who, self._runner_id, self._now = who, runner_id, now
        self.room, self.claimed, self.holds_any = room, list[Any](), False

    def pass_through(self, queues: list[Queue]) -> _Passed | None:
        """Claim what is free; the first job that was passed over."""
        first, busy, passed = None, set[int](), 0
        while passed < _MOST_PASSED and (queue := _oldest(queues, self.room)):
            job = queue.head
            if job.run_id not in busy and lock_run_if_free(job.run_id):
                self.holds_any = True
                self.claim(job, queue.needs)
            else:
                first = first or _Passed(job, queue.needs)
                busy.add(job.run_id)
                passed += 1
            queue.step()
        return first

    def claim(self, job: Any, needs: Ask) -> None:
        """Take it, unless somebody was faster."""
        if claim_job(self._who, job, self._runner_id, self._now):
            self.claimed.append(_as_claimed(job, self._runner_id, self._now))
            self.room = take(self.room, needs)


def _as_claimed(job: Any, runner_id: str, now: int) -> Any:
    """The row as it was written: reading it again would be one more query for each claim."""
    now_is = {"status": Status.RUNNING, "waiting": None, "reason": None, "updated_at": now}
    now_is |= {"runner_id": runner_id, "attempt": job.attempt + 1}
    return SimpleNamespace(**{**job._mapping, **now_is})


def _oldest(queues: list[Queue], room: Have) -> Queue | None:
    """The one whose next job is the oldest of those that still fit."""
    if room.cpu_milli <= 0:
        return None
    able = [queue for queue in queues if queue.head and fits(queue.needs, room)]
    return min(able, key=lambda queue: queue.place, default=None)
