"""Runners: machines with an agent, self-hosted or on-demand."""

from typing import Any

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.engine.resources import Gpu, Have
from webapp.extensions import db
from webapp.models.columns import JsonList, Moment, Name, Sentence
from webapp.models.columns import Status as StatusColumn
from webapp.models.user import User

SELF_HOSTED = "self-hosted"
ON_DEMAND = "on-demand"


class Runner(db.Model):
    """`session` names the life of its agent process; `reason` says why the status is what it is.

    `comes_back_as` is the status in which a lost or offline one is taken back (None: live): what
    was drained stays so until a person says otherwise, whatever became of its agent meanwhile.
    """

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[Name] = mapped_column(unique=True)
    kind: Mapped[Name]
    status: Mapped[StatusColumn]
    reason: Mapped[Sentence | None]
    comes_back_as: Mapped[StatusColumn | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    credential_digest: Mapped[str | None] = mapped_column(unique=True)
    machine_id: Mapped[str | None]
    session: Mapped[str | None]
    cpu_milli: Mapped[int] = mapped_column(default=0)
    memory_mib: Mapped[int] = mapped_column(default=0)
    disk_free_mib: Mapped[int | None]
    gpus: Mapped[JsonList] = mapped_column(default=list)
    labels: Mapped[JsonList] = mapped_column(default=list)
    max_jobs: Mapped[int | None]
    hostname: Mapped[Name | None]
    os: Mapped[Name | None]
    arch: Mapped[Name | None]
    python: Mapped[Name | None]
    container_engine: Mapped[Name | None]
    agent_version: Mapped[Name | None]
    clock_skew_ms: Mapped[Moment | None]
    region: Mapped[Name | None]
    instance_type: Mapped[Name | None]
    purchase_type: Mapped[Name | None]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    started_at: Mapped[Moment | None]
    last_seen_at: Mapped[Moment | None]
    interruption_at: Mapped[Moment | None]
    idle_since: Mapped[Moment | None]

    owner: Mapped[User | None] = relationship()

    __table_args__ = (Index("ix_runner_status", "status", "last_seen_at"),)


def have(row: Any, slots: int | None = None) -> Have:
    """What a runner row offers when nothing runs on it; `slots` narrows its own `max_jobs`."""
    caps = [cap for cap in (row.max_jobs, slots) if cap is not None]
    return Have(
        cpu_milli=row.cpu_milli,
        memory_mib=row.memory_mib,
        gpus=tuple(Gpu(gpu["name"], gpu["memory_mib"]) for gpu in row.gpus),
        slots=min(caps) if caps else None,
        labels=frozenset(row.labels),
        containers=bool(row.container_engine),
        interruptible=row.purchase_type == "spot",
    )


def runner_named(name: str) -> Runner | None:
    """The runner of that name, gone ones too."""
    return db.session.scalar(select(Runner).where(Runner.name == name))
