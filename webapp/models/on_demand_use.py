"""How much is on on-demand machines now: what a person should know before ending some."""

from typing import NamedTuple

from sqlalchemy import func, select

from webapp.engine.snapshot import Key
from webapp.engine.states import ACTIVE_JOB
from webapp.engine.states import Instance as Status
from webapp.engine.words import count
from webapp.extensions import db
from webapp.models.instance import Instance
from webapp.models.job import Job


class Use(NamedTuple):
    """Machines that exist or may still come into existence, and the jobs that run on them."""

    machines: int
    jobs: int

    def __str__(self) -> str:
        if not self.machines:
            return "No machine is running."
        verb = "runs" if self.jobs == 1 else "run"
        jobs = f"{count(self.jobs, 'job')} {verb} there" if self.jobs else "no job runs there"
        exist = "exists or is coming" if self.machines == 1 else "exist or are coming"
        return f"{count(self.machines, 'machine')} {exist}; {jobs}."


def use_now(key: Key | None = None) -> Use:
    """Of everything, or of one limit."""
    machines = select(func.count()).select_from(Instance)
    machines = machines.where(Instance.status != Status.TERMINATED)
    jobs = select(func.count()).select_from(Job)
    jobs = jobs.join(Instance, Instance.runner_id == Job.runner_id)
    jobs = jobs.where(Job.status.in_(ACTIVE_JOB), Instance.status != Status.TERMINATED)
    if key is not None:
        machines, jobs = machines.filter_by(**key._asdict()), jobs.where(*_same(key))
    return Use(db.session.scalar(machines) or 0, db.session.scalar(jobs) or 0)


def _same(key: Key) -> tuple[object, ...]:
    return tuple(getattr(Instance, name) == value for name, value in key._asdict().items())
