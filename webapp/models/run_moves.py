"""What people do to whole runs. Each verb moves the jobs it can; a job somebody was faster with
is left as it is."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, delete, select, update

from webapp.engine.dependencies import queued_again
from webapp.engine.states import FINISHED_JOB
from webapp.engine.states import Job as Status
from webapp.engine.words import count
from webapp.extensions import db
from webapp.models.artifact_drop import drop_artifacts
from webapp.models.dependents import nodes_of
from webapp.models.event import Event, Who, record
from webapp.models.inputs import missing_inputs, runs_still_needed
from webapp.models.job import Attempt, Job
from webapp.models.job_moves import resubmit_job, stop_job
from webapp.models.run import Run, lock_run
from webapp.models.transaction import require_writing

TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_UNSUCCESSFUL = FINISHED_JOB - {Status.DONE}


class RunRefused(Exception):
    """What was asked cannot be done with this run now; the sentence says why."""


def stop_run(who: Who, run: Run, now: int, *, abort: bool = False) -> int:
    """Ask for the end of all its unfinished jobs; of how many. Raises RunRefused."""
    jobs = _jobs(run)
    if run.finished:
        raise RunRefused(f"{run.name} is already {run.status}.")
    open_ones = [job for job in jobs if not job.finished]
    return sum(stop_job(who, job, now, abort=abort, alone=True) for job in open_ones)


def resume_run(who: Who, run: Run, now: int) -> int:
    """Queue again what was stopped, aborted or failed; how many jobs. Raises RunRefused."""
    jobs = _jobs(run)
    if not run.finished:
        raise RunRefused(f"{run.name} is not stopped.")
    again = [job for job in jobs if job.status in _UNSUCCESSFUL]
    if not again:
        raise RunRefused(f"All jobs of {run.name} are done: restart it to run them again.")
    return _queue_again(who, run, again, "resumed", now)


def restart_run(who: Who, run: Run, now: int, clear: Callable[[str], None] | None = None) -> int:
    """Queue all its jobs again; `clear` drops what is stored of a job. Raises RunRefused."""
    jobs = _jobs(run)
    if not run.finished:
        raise RunRefused(f"{run.name} is not finished: stop it first.")
    moved = _queue_again(who, run, jobs, "restarted", now)
    if clear:
        drop_artifacts([job.id for job in jobs])
    for job in jobs if clear else ():
        clear(job.id)
    return moved


def tag_run(who: Who, run: Run, tag: str | None, now: int) -> str:
    """Give it a tag (its own name by default), which also keeps it from being pruned; the tag.
    Raises RunRefused when another run has it."""
    require_writing()
    tag = tag or run.name
    if not TAG.fullmatch(tag):
        raise RunRefused(
            "A tag has letters, digits, dots, dashes and underscores, at most 100, and begins "
            "with a letter or digit."
        )
    holder = db.session.scalar(select(Run.name).where(Run.tag_name == tag, Run.id != run.id))
    if holder:
        raise RunRefused(f"The tag {tag} is on {holder} already: untag that run first.")
    _change(run, now, tag_name=tag)
    record(who, "run tagged", tag, now, run_id=run.id)
    return tag


def untag_run(who: Who, run: Run, now: int) -> None:
    """Take its tag away; nothing happens when it has none."""
    require_writing()
    if run.tag_name is None:
        return
    record(who, "run untagged", run.tag_name, now, run_id=run.id)
    _change(run, now, tag_name=None)


_OLD = select(Run.id).where(Run.status.in_(FINISHED_JOB), Run.tag_name.is_(None))


def prunable(repo_url: str | None = None) -> list[int]:
    """Ids of the finished runs without a tag, all or those of a repository, except those whose
    artifacts an unfinished run needs."""
    needed, old = runs_still_needed(), _old(repo_url)
    return [run_id for run_id in db.session.scalars(old) if run_id not in needed]


def prune_runs(who: Who, now: int, repo_url: str | None = None) -> tuple[int, list[str]]:
    """Delete finished runs without a tag: how many, and the ids of their jobs, whose logs the
    caller deletes once this transaction is durable."""
    require_writing()
    # Who submits locks the runs it takes artifacts from: whoever was first, the other sees it.
    db.session.execute(_old(repo_url).with_for_update()).all()
    runs = prunable(repo_url)
    jobs: list[str] = []
    for start in range(0, len(runs), 500):
        jobs += _delete(runs[start : start + 500])
    if runs:
        record(who, "runs pruned", count(len(runs), "finished run") + " without a tag", now)
    return len(runs), jobs


def _old(repo_url: str | None) -> Select[tuple[int]]:
    return _OLD.where(Run.repo_url == repo_url) if repo_url else _OLD


def _delete(run_ids: list[int]) -> list[str]:
    jobs = list(db.session.scalars(select(Job.id).where(Job.run_id.in_(run_ids))))
    drop_artifacts(jobs)
    mine = select(Job.id).where(Job.run_id.in_(run_ids))
    for query in (
        delete(Attempt.__table__).where(Attempt.job_id.in_(mine)),
        delete(Event.__table__).where(Event.run_id.in_(run_ids)),
        delete(Job.__table__).where(Job.run_id.in_(run_ids)),
        delete(Run.__table__).where(Run.id.in_(run_ids)),
    ):
        db.session.execute(query)
    return jobs


def _queue_again(who: Who, run: Run, jobs: list[Job], what: str, now: int) -> int:
    gone = len(missing_inputs(jobs))
    if gone:
        instead = "restart it, or submit it anew" if what == "resumed" else "submit it anew"
        words = f"artifacts of {count(gone, 'job')} that are deleted"
        raise RunRefused(f"{run.name} needs {words}: {instead}.")
    blocked = queued_again(nodes_of(run.id), [job.id for job in jobs])
    return sum(resubmit_job(who, job, what, now, blocked[job.id]) for job in jobs)


def _jobs(run: Run) -> list[Job]:
    """In order; nobody else moves them during this transaction."""
    require_writing()
    lock_run(run.id)
    db.session.refresh(run)
    query = select(Job).where(Job.run_id == run.id).order_by(Job.position)
    return list(db.session.scalars(query))


def _change(run: Run, now: int, **values: Any) -> None:
    query = update(Run.__table__).where(Run.id == run.id)
    db.session.execute(query.values(updated_at=now, **values))
    db.session.expire(run)
