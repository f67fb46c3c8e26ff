"""The end of an attempt, and what it means for its job, in one transaction."""

from typing import Any

from webapp.engine.outcomes import Ended, after_attempt
from webapp.engine.states import Job as Status
from webapp.models.event import Who
from webapp.models.job_moves import active_jobs, end_attempt, finish_job, requeue_job
from webapp.models.transaction import announce


def conclude(who: Who, job: Any, ended: Ended, now: int, log_size: int | None = None) -> bool:
    """Write how the current attempt ended and move the job on; False when somebody was first."""
    following = after_attempt(Status(job.status), job.attempt, job.retries_left, ended)
    if following.status == Status.SUBMITTED:
        moved = requeue_job(who, job, following.why, now, following.retries_left)
    else:
        moved = finish_job(who, job, following.status, following.why, now, ended.exit_code)
    if moved:
        end_attempt(
            job,
            now,
            outcome=ended.outcome,
            exit_code=ended.exit_code,
            signal=ended.signal,
            reason=ended.reason,
            log_size=log_size,
        )
        announce(f"log:{job.id}")
        announce(f"room:{job.runner_id}")
    return moved


def lose_attempts(who: Who, runner_id: str, reason: str, now: int) -> int:
    """Every job of this runner lost its attempt; how many there were."""
    jobs = active_jobs(runner_id)
    return sum(conclude(who, job, Ended("lost", reason=reason), now) for job in jobs)
