"""Jobs of a run that need each other, and what the books say of them."""

from tests.models.test_claiming import WHO
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.engine.outcomes import Ended
from webapp.engine.resources import Ask
from webapp.extensions import db
from webapp.models.attempts import conclude
from webapp.models.job import Job
from webapp.models.run import run_named
from webapp.models.transaction import writing

SMALL = Ask(cpu_milli=100)


def spec(name, *needs, **more):
    """A job of that workflow; `needs` are places in the submission."""
    return JobSpec("true", name, ask=SMALL, depends_on=needs, **more)


def row(job):
    """The job as it is now."""
    return db.session.get(Job, job, populate_existing=True)


def states(run):
    """Status and number of open needs of each job."""
    db.session.expire_all()
    return [(job.status, job.blocked_by) for job in run_named(run.name).jobs]


def end(job, exit_code=0):
    """The running job ends by itself."""
    with writing():
        assert conclude(WHO, row(job), Ended("exited", exit_code), now())
