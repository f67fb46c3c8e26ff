"""Jobs: units of work that one runner executes, and each attempt at them."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.engine.resources import Ask
from webapp.engine.states import FINISHED_JOB
from webapp.extensions import db
from webapp.models.columns import JsonList, Moment, Name, Sentence, Size, Status
from webapp.models.runner import Runner


class Job(db.Model):
    """`waiting` is the one sentence why it waits; `reason` the one why it ended as it did.

    `depends_on` are ids of jobs of the same run, `blocked_by` how many of them are not done yet;
    the artifacts of `input_jobs` appear in its folder: those of them that keep any, and what tags
    named. `runs_in` is what the runner made of it: an image, a virtual environment, or nothing;
    `port_numbers` are the `ports` it got. `kind` says what it asks (engine.kinds); it is there
    whenever the job waits.
    """

    id: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    position: Mapped[int]
    workflow_name: Mapped[Name | None]
    status: Mapped[Status]
    commands: Mapped[Sentence]
    image: Mapped[Sentence | None]
    working_dir: Mapped[Sentence | None]
    environment: Mapped[Any] = mapped_column(JSON, default=dict)
    cpu_milli: Mapped[int] = mapped_column(default=1000)
    memory_mib: Mapped[int] = mapped_column(default=0)
    shm_mib: Mapped[int] = mapped_column(default=0)
    gpu_count: Mapped[int] = mapped_column(default=0)
    gpu_name: Mapped[Name | None]
    gpu_memory_mib: Mapped[int] = mapped_column(default=0)
    interruptible: Mapped[bool | None]
    kind: Mapped[str | None]
    labels: Mapped[JsonList] = mapped_column(default=list)
    timeout_s: Mapped[int | None]
    queue_timeout_s: Mapped[int | None]
    retries: Mapped[int] = mapped_column(default=0)
    retries_left: Mapped[int] = mapped_column(default=0)
    attempt: Mapped[int] = mapped_column(default=0)
    provider: Mapped[Name | None]
    python: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    ports: Mapped[int] = mapped_column(default=0)
    port_numbers: Mapped[JsonList] = mapped_column(default=list)
    artifact_paths: Mapped[JsonList] = mapped_column(default=list)
    depends_on: Mapped[JsonList] = mapped_column(default=list)
    input_jobs: Mapped[JsonList] = mapped_column(default=list)
    blocked_by: Mapped[int] = mapped_column(default=0)
    runs_in: Mapped[Name | None]
    runner_id: Mapped[str | None] = mapped_column(ForeignKey("runner.id"))
    waiting: Mapped[Sentence | None]
    reason: Mapped[Sentence | None]
    exit_code: Mapped[int | None]
    submitted_at: Mapped[Moment]
    queued_at: Mapped[Moment]
    started_at: Mapped[Moment | None]
    finished_at: Mapped[Moment | None]
    updated_at: Mapped[Moment]

    runner: Mapped[Runner | None] = relationship()

    __table_args__ = (
        Index("ix_job_run_id", "run_id"),
        Index("ix_job_queue", "status", "blocked_by", "queued_at", "id"),
        Index("ix_job_kind", "status", "blocked_by", "kind", "queued_at", "id"),
        Index("ix_job_runner_id", "runner_id", "status"),
    )

    @property
    def finished(self) -> bool:
        """Whether it will not move by itself."""
        return self.status in FINISHED_JOB


class Attempt(db.Model):
    """One try at a job by one runner; its log is a file of its own. `artifacts_at`: since when what
    it left is there; `artifacts_trouble`: what of it could not be kept."""

    job_id: Mapped[str] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    runner_id: Mapped[str] = mapped_column(ForeignKey("runner.id"))
    claimed_at: Mapped[Moment]
    started_at: Mapped[Moment | None]
    finished_at: Mapped[Moment | None]
    outcome: Mapped[Name | None]
    exit_code: Mapped[int | None]
    signal: Mapped[int | None]
    reason: Mapped[Sentence | None]
    log_size: Mapped[Size | None]
    artifacts_at: Mapped[Moment | None]
    artifacts_trouble: Mapped[Sentence | None]

    runner: Mapped[Runner] = relationship()

    __table_args__ = (Index("ix_attempt_runner_id", "runner_id", "claimed_at"),)


def ask(row: Any) -> Ask:
    """What a job row needs of a machine."""
    return Ask(
        cpu_milli=row.cpu_milli,
        memory_mib=row.memory_mib,
        shm_mib=row.shm_mib,
        gpu_count=row.gpu_count,
        gpu_name=row.gpu_name,
        gpu_memory_mib=row.gpu_memory_mib,
        labels=frozenset(row.labels),
        container=row.image is not None,
        interruptible=row.interruptible,
    )


def attempts_of(job_id: str) -> list[Attempt]:
    """All attempts of a job, the first one first."""
    query = select(Attempt).where(Attempt.job_id == job_id).order_by(Attempt.number)
    return list(db.session.scalars(query))
