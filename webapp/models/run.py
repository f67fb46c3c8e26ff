"""Runs: one submission of a workflow. A run's status is derived from its jobs'."""

from sqlalchemy import ForeignKey, Index, bindparam, select, update
from sqlalchemy.orm import Mapped, defer, mapped_column, relationship

from webapp.engine.states import FINISHED_JOB, run_status
from webapp.engine.states import Job as JobStatus
from webapp.extensions import db
from webapp.models.columns import Json, Moment, Name, Sentence, Status
from webapp.models.job import Job
from webapp.models.transaction import execute, locked
from webapp.models.user import User


class Run(db.Model):
    """`source` is the workflow file as it was submitted; `repo_…` and `archive` say where its
    files come from (engine.jobs.Code). `…_cleared_at`: when the rule of Settings → Storage last
    deleted what it left."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Name] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    workflow_name: Mapped[Name | None]
    status: Mapped[Status]
    variables: Mapped[Json] = mapped_column(default=dict)
    source: Mapped[Sentence | None]
    repo_url: Mapped[Sentence | None]
    repo_branch: Mapped[Sentence | None]
    repo_hash: Mapped[Name | None]
    repo_diff: Mapped[Sentence | None]
    archive: Mapped[Name | None]
    tag_name: Mapped[Name | None] = mapped_column(unique=True)
    submitted_at: Mapped[Moment]
    started_at: Mapped[Moment | None]
    finished_at: Mapped[Moment | None]
    updated_at: Mapped[Moment]
    artifacts_cleared_at: Mapped[Moment | None]
    logs_cleared_at: Mapped[Moment | None]

    user: Mapped[User] = relationship()
    jobs: Mapped[list[Job]] = relationship(
        order_by=Job.position, cascade="all, delete-orphan", passive_deletes=True
    )

    __table_args__ = (Index("ix_run_status", "status", "id"),)

    @property
    def finished(self) -> bool:
        """Whether nothing of it will move by itself."""
        return self.status in FINISHED_JOB


def run_named(name: str) -> Run | None:
    """The run of that name. Its long texts are read when they are wanted: pages poll for runs."""
    query = select(Run).where(Run.name == name)
    return db.session.scalar(query.options(defer(Run.source), defer(Run.repo_diff)))


# Each status once: a run of a thousand jobs asks this three times for every one of them.
_STATUSES = select(Job.__table__.c.status, Job.__table__.c.blocked_by > 0)
_STATUSES = _STATUSES.where(Job.__table__.c.run_id == bindparam("run")).distinct()
_REFRESH = (
    update(Run.__table__)
    .where(Run.__table__.c.id == bindparam("run"))
    .values(
        status=bindparam("now_is"),
        updated_at=bindparam("moment"),
        finished_at=bindparam("over_at"),
    )
)
_RUN = select(Run.__table__.c.id).where(Run.__table__.c.id == bindparam("run"))
_LOCK, _LOCK_IF_FREE = _RUN.with_for_update(), _RUN.with_for_update(skip_locked=True)
_LOCK_MANY = (
    select(Run.__table__.c.id)
    .join(Job.__table__, Job.__table__.c.run_id == Run.__table__.c.id)
    .where(Job.__table__.c.id.in_(bindparam("jobs", expanding=True)))
    .order_by(Job.__table__.c.queued_at, Job.__table__.c.id)
    .with_for_update(of=Run.__table__)
)


def lock_run(run_id: int) -> None:
    """Keep others from moving jobs of this run until the end of this transaction. Otherwise two
    that end at the same moment would each see the other one running. SQLite has one writer."""
    if _others_write() and ("run", run_id) not in locked():
        execute(_LOCK, {"run": run_id})
        locked().add(("run", run_id))


def lock_run_if_free(run_id: int) -> bool:
    """The same, unless somebody else moves jobs of this run now; whether it is locked."""
    if not _others_write():
        return True
    is_locked = execute(_LOCK_IF_FREE, {"run": run_id}).first() is not None
    if is_locked:
        locked().add(("run", run_id))
    return is_locked


def lock_runs_of(jobs: list[str]) -> None:
    """The same for the runs of several jobs, in the order of the queue, as claims go through them:
    in any other order one that claims and one that reports could wait for each other."""
    if _others_write():
        locked().update(("run", run.id) for run in execute(_LOCK_MANY, {"jobs": jobs}))


def _others_write() -> bool:
    """Whether others may write at the same time; with SQLite nobody does."""
    return db.session.connection().dialect.name == "postgresql"


def refresh_run(run_id: int, now: int) -> bool:
    """Derive the run's status again; part of every transaction that moves one of its jobs.
    Whether any of its jobs waits for others of it."""
    found = execute(_STATUSES, {"run": run_id}).all()
    status = run_status(JobStatus(text) for text, _ in found)
    over_at = now if status in FINISHED_JOB else None
    execute(_REFRESH, {"run": run_id, "now_is": status, "moment": now, "over_at": over_at})
    return any(blocked and text == JobStatus.SUBMITTED for text, blocked in found)
