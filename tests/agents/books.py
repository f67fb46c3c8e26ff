"""What the books say, read afresh."""

from webapp.extensions import db
from webapp.models.event import Event, events_of
from webapp.models.job import Attempt, Job
from webapp.models.runner import Runner


def job_row(job_id: str) -> Job:
    """The job as it is now."""
    return db.session.get(Job, job_id, populate_existing=True)


def attempt_row(job_id: str, number: int = 1) -> Attempt:
    """That attempt as it is now."""
    return db.session.get(Attempt, (job_id, number), populate_existing=True)


def runner_row(runner_id: str) -> Runner:
    """The runner as it is now."""
    return db.session.get(Runner, runner_id, populate_existing=True)


def newest_event(**about: object) -> Event:
    """The last thing that happened to that row."""
    return events_of(limit=1, **about)[0]
