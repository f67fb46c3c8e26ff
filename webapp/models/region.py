"""Regions that were ever used: what launches there stand on, and when they were last looked at."""

from typing import Any

from sqlalchemy import JSON, select, update
from sqlalchemy.orm import Mapped, mapped_column

from webapp.engine.backoff import next_try
from webapp.extensions import db
from webapp.models.columns import Moment, Name, Sentence
from webapp.models.transaction import require_writing

#: However bad the error, machines are billed meanwhile: never look away for longer.
LONGEST_PAUSE_MS = 60_000


class Region(db.Model):
    """`ground`: our security group, the subnet of each zone, the image of each kind; refreshed
    after `ground_at`. `error`: EC2's answer to the last look, None when it was good."""

    name: Mapped[Name] = mapped_column(primary_key=True)
    first_used_at: Mapped[Moment]
    ground: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    ground_at: Mapped[Moment | None]
    observed_at: Mapped[Moment | None]
    tried_at: Mapped[Moment | None]
    error: Mapped[Sentence | None]
    failures: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[Moment | None]


def regions_used() -> list[Region]:
    """Every region that something was ever launched in."""
    return list(db.session.scalars(select(Region).order_by(Region.name)))


def use_region(name: str, now: int) -> Region:
    """The row of a region, made at its first use."""
    require_writing()
    region = db.session.get(Region, name)
    if region is None:
        region = Region(name=name, first_used_at=now)
        db.session.add(region)
        db.session.flush()
    return region


def keep_ground(name: str, ground: dict[str, Any] | None, now: int) -> None:
    """What launches stand on; None: find it again."""
    require_writing()
    use_region(name, now)
    _set(name, ground=ground, ground_at=now if ground else None)


def observed(name: str, now: int) -> None:
    """It was looked at, and EC2 answered."""
    require_writing()
    _set(name, observed_at=now, tried_at=now, error=None, failures=0, next_try_at=None)


def not_observed(name: str, kind: str, message: str, now: int) -> None:
    """EC2 did not answer, or said no; all of the region waits."""
    require_writing()
    failures = use_region(name, now).failures + 1
    until = min(next_try(kind, failures, now), now + LONGEST_PAUSE_MS)
    _set(name, tried_at=now, error=message, failures=failures, next_try_at=until)


def _set(name: str, **values: Any) -> None:
    db.session.execute(update(Region.__table__).where(Region.name == name).values(**values))
    db.session.expire_all()
