"""What happened: who, what, why, when. Written in the transaction of the change itself."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Index, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.engine.states import Actor
from webapp.extensions import db
from webapp.models.columns import Json, Moment, Name, Sentence
from webapp.models.transaction import execute, require_writing


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts: a person's or runner's name, or a part of the server."""

    actor: Actor
    name: str


SCHEDULER = Who(Actor.SCHEDULER, "scheduler")


class Event(db.Model):
    """One thing that happened to the rows it names."""

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Moment]
    actor: Mapped[Name]
    who: Mapped[Name]
    what: Mapped[Name]
    why: Mapped[Sentence]
    data: Mapped[Json | None]
    run_id: Mapped[int | None]
    job_id: Mapped[str | None]
    attempt: Mapped[int | None]
    runner_id: Mapped[str | None]
    instance_id: Mapped[str | None]
    limit_id: Mapped[int | None]
    user_id: Mapped[int | None]

    __table_args__ = (
        Index("ix_event_run_id", "run_id", "id"),
        Index("ix_event_runner_id", "runner_id", "id"),
        Index("ix_event_at", "at"),
        {"sqlite_autoincrement": True},  # whoever asks for newer ones misses none after a deletion
    )


_INSERT = insert(Event.__table__)


def record(who: Who, what: str, why: str, now: int, **about: Any) -> None:
    """Add an event; `about` holds columns such as `run_id`, and `data` for anything else."""
    require_writing()
    row = {"at": now, "actor": who.actor, "who": who.name, "what": what, "why": why, **about}
    execute(_INSERT, [row])


def events_of(limit: int = 200, **about: Any) -> list[Event]:
    """The newest events first about a row, e.g. `events_of(runner_id=…)`."""
    query = select(Event).filter_by(**about).order_by(Event.id.desc()).limit(limit)
    return list(db.session.scalars(query))
