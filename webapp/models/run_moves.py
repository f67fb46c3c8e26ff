"""What people do to whole runs. Each verb moves the jobs it can; a job somebody was faster with
is left as it is."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, select, update

from webapp.engine.states import FINISHED_JOB
from webapp.engine.states import Job as Status
from webapp.engine.words import count
from webapp.extensions import db
from webapp.models.event import Event, Who, record
from webapp.models.job import Attempt, Job
from webapp.models.job_moves import resubmit_job, stop_job
from webapp.models.run import Run
from webapp.models.transaction import require_writing

TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_UNSUCCESSFUL = FINISHED_JOB - {Status.DONE}


class RunRefused(Exception):
    """What was asked cannot be done with this run now; the sentence says why."""


def stop_run(who: Who, run: Run, now: int, *, abort: bool = False) -> int:
    """Ask for the end of all its unfinished jobs; of how many. Raises RunRefused."""
    if run.finished:
        raise RunRefused(f"{run.name} is already {run.status}.")
    return _each(run, lambda job: not job.finished and stop_job(who, job, now, abort=abort))


def resume_run(who: Who, run: Run, now: int) -> int:
    """Queue again what was stopped, aborted or failed; how many jobs. Raises RunRefused."""
    if not run.finished:
        raise RunRefused(f"{run.name} is not stopped.")
    moved = _each(
        run, lambda job: job.status in _UNSUCCESSFUL and resubmit_job(who, job, "resumed", now)
    )
    if not moved:
        raise RunRefused(f"All jobs of {run.name} are done: restart it to run them again.")
    return moved


def restart_run(who: Who, run: Run, now: int, clear: Callable[[str], None] | None = None) -> int:
    """Queue all its jobs again; `clear` drops what is stored of a job. Raises RunRefused."""
    if not run.finished:
        raise RunRefused(f"{run.name} is not finished: stop it first.")
    return _each(run, lambda job: _restart_job(who, job, now, clear))


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


def prunable() -> list[int]:
    """Ids of the finished runs without a tag."""
    query = select(Run.id).where(Run.status.in_(FINISHED_JOB), Run.tag_name.is_(None))
    return list(db.session.scalars(query))


def prune_runs(who: Who, now: int) -> tuple[int, list[str]]:
    """Delete finished runs without a tag: how many, and the ids of their jobs, whose logs the
    caller deletes once this transaction is durable."""
    require_writing()
    runs = prunable()
    jobs: list[str] = []
    for start in range(0, len(runs), 500):
        jobs += _delete(runs[start : start + 500])
    if runs:
        record(who, "runs pruned", count(len(runs), "finished run") + " without a tag", now)
    return len(runs), jobs


def _delete(run_ids: list[int]) -> list[str]:
    jobs = list(db.session.scalars(select(Job.id).where(Job.run_id.in_(run_ids))))
    mine = select(Job.id).where(Job.run_id.in_(run_ids))
    for query in (
        delete(Attempt.__table__).where(Attempt.job_id.in_(mine)),
        delete(Event.__table__).where(Event.run_id.in_(run_ids)),
        delete(Job.__table__).where(Job.run_id.in_(run_ids)),
        delete(Run.__table__).where(Run.id.in_(run_ids)),
    ):
        db.session.execute(query)
    return jobs


def _restart_job(who: Who, job: Any, now: int, clear: Callable[[str], None] | None) -> bool:
    moved = resubmit_job(who, job, "restarted", now)
    if moved and clear:
        clear(job.id)
    return moved


def _each(run: Run, verb: Callable[[Any], bool]) -> int:
    require_writing()
    query = select(Job).where(Job.run_id == run.id).order_by(Job.position)
    return sum(bool(verb(job)) for job in list(db.session.scalars(query)))


def _change(run: Run, now: int, **values: Any) -> None:
    query = update(Run.__table__).where(Run.id == run.id)
    db.session.execute(query.values(updated_at=now, **values))
    db.session.expire(run)
