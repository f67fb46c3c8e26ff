"""The attempt that a job's own calls are about: `POST jobs/<job>/…` with `{"attempt": N}`."""

from typing import Any

from flask import g
from pydantic import Field
from sqlalchemy import select

from webapp.errors import Refused
from webapp.extensions import db
from webapp.json_input import Input
from webapp.models.job import Attempt, Job


class OfAttempt(Input):
    """The body of such a call, or a part of it."""

    attempt: int = Field(ge=1, le=10**6)


def open_attempt(job_id: str, number: int) -> Any:
    """The job's row; raises Refused (409) unless this attempt is the calling runner's and open."""
    jobs, attempts = Job.__table__, Attempt.__table__
    query = (
        select(jobs)
        .join_from(jobs, attempts, attempts.c.job_id == jobs.c.id)
        .where(jobs.c.id == job_id, attempts.c.number == number, jobs.c.attempt == number)
        .where(attempts.c.runner_id == g.runner.id, attempts.c.outcome.is_(None))
    )
    job = db.session.execute(query).first()
    if job is None:
        raise Refused(409, "old_attempt", "This attempt is not this runner's any more.")
    return job
