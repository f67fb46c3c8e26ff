"""What people do to one job of a run. The short sentences are those that the published client
knows."""

from collections.abc import Callable

from webapp.engine.dependencies import queued_again, why_not_alone
from webapp.engine.states import FINISHED_JOB
from webapp.engine.states import Job as Status
from webapp.extensions import db
from webapp.models.artifact_drop import drop_artifacts
from webapp.models.dependents import nodes_of
from webapp.models.event import Who
from webapp.models.inputs import missing_inputs
from webapp.models.job import Job
from webapp.models.job_moves import resubmit_job
from webapp.models.run import lock_run
from webapp.models.transaction import require_writing

_UNSUCCESSFUL = FINISHED_JOB - {Status.DONE}


class JobRefused(Exception):
    """What was asked cannot be done with this job now; the sentence says why."""


def resume_job(who: Who, job: Job, now: int) -> None:
    """Queue a stopped, aborted or failed job again. Raises JobRefused."""
    _lock(job)
    if job.status not in _UNSUCCESSFUL:
        raise JobRefused("job is not stopped")
    _queue_again(who, job, "resumed", now)


def restart_job(who: Who, job: Job, now: int, clear: Callable[[str], None] | None = None) -> None:
    """Queue a finished job again; `clear` drops what is stored of it. Raises JobRefused."""
    _lock(job)
    if not job.finished:
        raise JobRefused("job is not finished: stop it first")
    _queue_again(who, job, "restarted", now)
    if clear:
        drop_artifacts([job.id])
        clear(job.id)


def _lock(job: Job) -> None:
    require_writing()
    lock_run(job.run_id)
    db.session.refresh(job)


def _queue_again(who: Who, job: Job, what: str, now: int) -> None:
    run = nodes_of(job.run_id)
    why = why_not_alone(job.id, run)
    if why is None and missing_inputs([job]):
        why = "the artifacts that it needs are deleted: restart the run, or submit it anew"
    if why:
        raise JobRefused(why)
    resubmit_job(who, job, what, now, queued_again(run, [job.id])[job.id])
