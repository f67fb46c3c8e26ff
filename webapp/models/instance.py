"""Instances: one row for each EC2 machine of ours and the request for it.

The row exists before anything is asked of EC2, and holds its slot of the limit until EC2 has said
that the machine is terminated.
"""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.engine.snapshot import Key
from webapp.engine.states import Instance as Status
from webapp.extensions import db
from webapp.models.columns import JsonList, Moment, Name, Sealed, Sentence
from webapp.models.columns import Status as StatusColumn
from webapp.models.runner import Runner


class Instance(db.Model):
    """`id` is the ClientToken of the launch; `parameters` and `user_data` are frozen before the
    first call, so that every repetition is the same call. `valid_until`, different for each row
    of a region, is the mark by which a request is found whose answer was lost."""

    id: Mapped[str] = mapped_column(primary_key=True)
    runner_id: Mapped[str] = mapped_column(ForeignKey("runner.id"), unique=True)
    limit_id: Mapped[int | None]
    region: Mapped[Name]
    instance_type: Mapped[Name]
    purchase_type: Mapped[Name]
    status: Mapped[StatusColumn]
    job_id: Mapped[str | None]
    container: Mapped[bool] = mapped_column(default=False)
    cpu_milli: Mapped[int]
    memory_mib: Mapped[int]
    gpus: Mapped[JsonList] = mapped_column(default=list)
    zone: Mapped[Name | None]
    price: Mapped[float | None]
    parameters: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    user_data: Mapped[str | None] = mapped_column(Sealed)
    bootstrap_digest: Mapped[str | None] = mapped_column(unique=True)
    valid_until: Mapped[Moment]
    tries: Mapped[int] = mapped_column(default=0)
    called_at: Mapped[Moment | None]
    next_try_at: Mapped[Moment | None]
    launch_error: Mapped[Sentence | None]
    request_id: Mapped[Name | None]
    ec2_id: Mapped[Name | None]
    holding: Mapped[Name | None]
    holding_since: Mapped[Moment | None]
    missing_since: Mapped[Moment | None]
    interruption_at: Mapped[Moment | None]
    drain_cause: Mapped[Name | None]
    wish: Mapped[Name | None]
    wish_why: Mapped[Sentence | None]
    end_cause: Mapped[Name | None]
    reason: Mapped[Sentence | None]
    aws_reason: Mapped[Sentence | None]
    terminate_tries: Mapped[int] = mapped_column(default=0)
    terminate_error: Mapped[Sentence | None]
    terminate_next_at: Mapped[Moment | None]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    requested_at: Mapped[Moment | None]
    machine_at: Mapped[Moment | None]
    booted_at: Mapped[Moment | None]
    draining_at: Mapped[Moment | None]
    terminating_at: Mapped[Moment | None]
    terminated_at: Mapped[Moment | None]

    runner: Mapped[Runner] = relationship()

    __table_args__ = (
        Index("ix_instance_status", "status", "region"),
        Index("ix_instance_key", "region", "instance_type", "purchase_type", "status"),
        Index("ix_instance_job_id", "job_id"),
    )


def instance_of(runner_id: str) -> Instance | None:
    """The machine behind a runner."""
    return db.session.scalar(select(Instance).where(Instance.runner_id == runner_id))


def lock_instance(instance_id: str) -> Instance:
    """The row as it is now, locked for this transaction."""
    query = select(Instance).where(Instance.id == instance_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def living_instances() -> list[Instance]:
    """All that EC2 has not declared terminated, the oldest first."""
    query = select(Instance).where(Instance.status != Status.TERMINATED)
    return list(db.session.scalars(query.order_by(Instance.created_at, Instance.id)))


def slots_taken(key: Key) -> int:
    """How many machines of this key exist or may still come into existence."""
    query = select(func.count()).select_from(Instance).filter_by(**key._asdict())
    return db.session.scalar(query.where(Instance.status != Status.TERMINATED)) or 0


def slots_taken_by_key() -> dict[Key, int]:
    """The same for all keys at once."""
    key = (Instance.region, Instance.instance_type, Instance.purchase_type)
    query = select(*key, func.count()).where(Instance.status != Status.TERMINATED).group_by(*key)
    return {Key(*row[:3]): row[3] for row in db.session.execute(query)}


def billing_since(instance: Instance) -> int | None:
    """Since when EC2 bills it, while it is "still billing"; None when it is not billed."""
    return None if instance.terminated_at is not None else instance.machine_at
