"""Every way in which a job changes its status. Each verb answers False when somebody was first."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from webapp.engine.kinds import kind_of
from webapp.engine.states import ACTIVE_JOB, FINISHED_JOB, JOB_MOVES
from webapp.engine.states import Job as Status
from webapp.extensions import db
from webapp.models.dependents import settle_dependents
from webapp.models.event import Who
from webapp.models.job import Attempt, Job, ask
from webapp.models.moves import move
from webapp.models.run import Run, lock_run, refresh_run
from webapp.models.transaction import announce, execute

# Made once: for a busy runner, building these statements costs more than running them.
_ATTEMPT = insert(Attempt.__table__)
_BEGIN = (
    update(Attempt.__table__)
    .where(Attempt.job_id == bindparam("job"), Attempt.number == bindparam("try_"))
    .where(Attempt.started_at.is_(None))
    .values(started_at=bindparam("moment")),
    update(Job.__table__)
    .where(Job.id == bindparam("job"))
    .values(
        started_at=bindparam("moment"),
        runs_in=bindparam("place"),
        port_numbers=bindparam("listens_on"),
    ),
    update(Run.__table__)
    .where(Run.id == bindparam("run"), Run.started_at.is_(None))
    .values(started_at=bindparam("moment")),
)
_NO_RUNNER = {"runner_id": None, "started_at": None, "runs_in": None, "port_numbers": []}


def claim_job(who: Who, job: Any, runner_id: str, now: int) -> bool:
    """Give a waiting job to a runner as a new attempt."""
    number = job.attempt + 1
    values = {"runner_id": runner_id, "attempt": number, "waiting": None, "reason": None}
    if not _move(who, job, Status.RUNNING, "claimed", "", now, values, runner_id, number):
        return False
    row = {"job_id": job.id, "number": number, "runner_id": runner_id, "claimed_at": now}
    execute(_ATTEMPT, row)
    return True


def begin_job(job: Any, now: int, runs_in: str | None = None, ports: Sequence[int] = ()) -> None:
    """Note that the first instruction of an attempt ran, in what, and where it listens."""
    bound = {"job": job.id, "try_": job.attempt, "run": job.run_id, "moment": now}
    bound |= {"place": runs_in, "listens_on": list(ports)}
    lock_run(job.run_id)  # first, as in every move: otherwise two could wait for each other
    for statement in _BEGIN:
        execute(statement, bound)


def finish_job(who: Who, job: Any, new: Status, why: str, now: int, exit_code: int | None) -> bool:
    """An attempt ended and with it the job."""
    values = {"finished_at": now, "exit_code": exit_code, "reason": why or None}
    return _move(who, job, new, new.value, why, now, values, job.runner_id, job.attempt)


def requeue_job(who: Who, job: Any, why: str, now: int, retries_left: int) -> bool:
    """An attempt ended without the job being over: it waits for the next one."""
    values = {**_NO_RUNNER, "queued_at": now, "retries_left": retries_left, "waiting": why}
    values |= {"kind": kind_of(ask(job))}
    done = _move(
        who, job, Status.SUBMITTED, "queued again", why, now, values, job.runner_id, job.attempt
    )
    if done:
        announce("jobs", ask(job))
    return done


def end_attempt(job: Any, now: int, **outcome: Any) -> None:
    """Write how the current attempt ended: outcome, exit_code, signal, reason, log_size."""
    bound = {"job": job.id, "attempt": job.attempt, "moment": now}
    bound |= {f"new_{name}": value for name, value in outcome.items()}
    execute(_end(tuple(outcome)), bound)


@cache
def _end(names: tuple[str, ...]) -> Any:
    rows = Attempt.__table__
    this = (rows.c.job_id == bindparam("job"), rows.c.number == bindparam("attempt"))
    query = update(rows).where(*this, rows.c.finished_at.is_(None))
    values = {name: bindparam(f"new_{name}") for name in names}
    return query.values(finished_at=bindparam("moment"), **values)


def stop_job(who: Who, job: Any, now: int, *, abort: bool, alone: bool = False) -> bool:
    """Ask for the end of a job: a waiting one ends here, a running one is told by its runner.
    `alone`: the caller looks after the jobs that need it."""
    word = "abort" if abort else "stop"
    why = f"{word} asked by {who.name}"
    if job.status == Status.SUBMITTED:
        new = Status.ABORTED if abort else Status.STOPPED
        values = {"finished_at": now, "waiting": None, "reason": why}
        return _move(who, job, new, new.value, why, now, values, None, None, alone)
    new = Status.ABORTING if abort else Status.STOPPING
    if (Status(job.status), new) not in JOB_MOVES:
        return False
    moved = _move(who, job, new, f"{word} asked", why, now, {}, job.runner_id, job.attempt)
    if moved:
        announce(f"runner:{job.runner_id}")
    return moved


def resubmit_job(who: Who, job: Any, what: str, now: int, blocked_by: int) -> bool:
    """Queue a finished job again: `resumed` or `restarted`; it waits for so many others."""
    values = {**_NO_RUNNER, "queued_at": now, "finished_at": None, "exit_code": None}
    values |= {"reason": None, "waiting": None, "retries_left": job.retries}
    values |= {"blocked_by": blocked_by, "kind": kind_of(ask(job))}
    if not _move(who, job, Status.SUBMITTED, what, f"by {who.name}", now, values, None, None):
        return False
    if not blocked_by:
        announce("jobs", ask(job))
    return True


def fail_waiting_job(who: Who, job: Any, why: str, now: int) -> bool:
    """End a job that never found a runner."""
    values = {"finished_at": now, "waiting": None, "reason": why}
    return _move(who, job, Status.FAILED, "failed", why, now, values, None, None)


def active_jobs(runner_id: str) -> list[Job]:
    """The jobs that are this runner's now."""
    query = select(Job).where(Job.runner_id == runner_id, Job.status.in_(ACTIVE_JOB))
    return list(db.session.scalars(query.order_by(Job.id)))


def _move(
    who: Who,
    job: Any,
    new: Status,
    what: str,
    why: str,
    now: int,
    values: dict[str, Any],
    runner_id: str | None,
    attempt: int | None,
    alone: bool = False,
) -> bool:
    lock_run(job.run_id)
    about = {"run_id": job.run_id, "job_id": job.id, "runner_id": runner_id, "attempt": attempt}
    moved = move(
        JOB_MOVES,
        Job,
        job.id,
        Status(job.status),
        new,
        who=who,
        what=f"job {what}",
        why=why,
        now=now,
        about=about,
        values=values,
        # A job that was stopped and queued again meanwhile may wait for others now.
        same={"attempt": job.attempt, "blocked_by": job.blocked_by},
    )
    if moved and refresh_run(job.run_id, now) and new in FINISHED_JOB and not alone:
        settle_dependents(job.run_id, now)
    return moved
