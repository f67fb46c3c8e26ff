"""A job that joins a run which goes on: a program of the run makes jobs of its own."""

import secrets
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import insert, select

from webapp.engine.jobs import JobSpec
from webapp.engine.states import Job as Status
from webapp.extensions import db
from webapp.models.dependents import settle_dependents
from webapp.models.event import Who, record
from webapp.models.job import Job, ask
from webapp.models.run import Run, lock_run, refresh_run
from webapp.models.run_moves import RunRefused
from webapp.models.submission import job_row
from webapp.models.transaction import announce, execute, require_writing

MOST_JOBS = 1000

_JOBS = Job.__table__


class UnknownNeed(Exception):
    """A job that this one should wait for is not in its run."""


def add_job(who: Who, run: Run, spec: JobSpec, needs: Sequence[str], now: int) -> str:
    """Id of the new job, the last one of its run; it waits for the jobs `needs`, whose artifacts
    it begins with. Raises RunRefused, UnknownNeed."""
    require_writing()
    lock_run(run.id)
    db.session.refresh(run)
    jobs = execute(select(_JOBS).where(_JOBS.c.run_id == run.id).order_by(_JOBS.c.position)).all()
    if run.finished:
        raise RunRefused(f"{run.name} is {run.status}: jobs are added only to a run that goes on.")
    if len(jobs) >= MOST_JOBS:
        raise RunRefused(f"{run.name} has {len(jobs)} jobs, and that is the most there may be.")
    row = _row(spec, run.id, jobs, list(dict.fromkeys(needs)), now)
    execute(insert(_JOBS), row)
    record(who, "job added", "", now, run_id=run.id, job_id=row["id"])
    refresh_run(run.id, now)
    if row["blocked_by"]:
        settle_dependents(run.id, now)  # what it needs may have failed already
    else:
        announce("jobs", ask(execute(select(_JOBS).where(_JOBS.c.id == row["id"])).one()))
    return row["id"]


def _row(spec: JobSpec, run_id: int, jobs: Sequence, needs: list[str], now: int) -> dict:
    known = {job.id: place for place, job in enumerate(jobs)}
    missing = [need for need in needs if need not in known]
    if missing:
        raise UnknownNeed(f"There is no job {missing[0][:60]} in this run.")
    spec = replace(spec, depends_on=tuple(known[need] for need in needs))
    before = [jobs[known[need]] for need in needs]
    row = job_row(spec, run_id, len(jobs), [*known, secrets.token_hex(6)], now)
    return {
        **row,
        "input_jobs": [job.id for job in before if job.artifact_paths],
        "blocked_by": sum(job.status != Status.DONE for job in before),
    }
