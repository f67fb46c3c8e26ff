"""Limits: region, instance type and purchase type -> how many machines at most."""

from typing import Any

from sqlalchemy import JSON, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from webapp.engine.snapshot import Key
from webapp.extensions import db
from webapp.models.columns import Moment, Name, Sentence
from webapp.models.event import Who, record
from webapp.models.transaction import announce, require_writing

CHOICES = ("image_id", "volume_gib", "encrypted")


class LimitExists(Exception):
    """There is a limit of this region, instance type and purchase type already."""


class Limit(db.Model):
    """`trouble_*`: why nothing is launched until `trouble_until`; `zones`: zone -> until when it
    is passed over for lack of capacity; `failed_boots` in a row, `tripped_at` when too many."""

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[Name]
    instance_type: Mapped[Name]
    purchase_type: Mapped[Name]
    maximum: Mapped[int]
    enabled: Mapped[bool] = mapped_column(default=True)
    image_id: Mapped[Name | None]
    volume_gib: Mapped[int | None]
    encrypted: Mapped[bool | None]
    trouble_kind: Mapped[Name | None]
    trouble_message: Mapped[Sentence | None]
    trouble_at: Mapped[Moment | None]
    trouble_until: Mapped[Moment | None]
    failures: Mapped[int] = mapped_column(default=0)
    failed_boots: Mapped[int] = mapped_column(default=0)
    tripped_at: Mapped[Moment | None]
    zones: Mapped[Any] = mapped_column(JSON, default=dict)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]

    __table_args__ = (
        UniqueConstraint("region", "instance_type", "purchase_type"),
        {"sqlite_autoincrement": True},  # machines of a deleted limit must not meet another one
    )


def key_of(row: Any) -> Key:
    """What a limit or an instance counts under."""
    return Key(row.region, row.instance_type, row.purchase_type)


def limits() -> list[Limit]:
    """All of them, in the order of the table."""
    order = (Limit.region, Limit.instance_type, Limit.purchase_type)
    return list(db.session.scalars(select(Limit).order_by(*order)))


def limit_of(key: Key) -> Limit | None:
    """The limit of this key."""
    query = select(Limit).filter_by(**key._asdict())
    return db.session.scalar(query)


def lock_limit(limit_id: int) -> Limit | None:
    """The row as it is now, locked for this transaction."""
    require_writing()
    return db.session.get(Limit, limit_id, with_for_update=True, populate_existing=True)


def add_limit(who: Who, key: Key, maximum: int, now: int, **choices: Any) -> Limit:
    """A new limit; raises LimitExists. The caller has validated region, type and maximum."""
    require_writing()
    if limit_of(key):
        raise LimitExists(f"There is a limit for {key} already: change its maximum.")
    limit = Limit(maximum=maximum, created_at=now, updated_at=now, **key._asdict(), **choices)
    limit.zones = {}
    db.session.add(limit)
    db.session.flush()
    record(who, "limit added", f"at most {maximum} × {key}", now, limit_id=limit.id)
    announce("aws")
    return limit


def set_maximum(who: Who, limit: Limit, maximum: int, now: int) -> None:
    """Raise or lower it; lowering drains the surplus."""
    why = f"{key_of(limit)}: from {limit.maximum} to {maximum}"
    _change(who, limit, "limit changed", why, now, maximum=maximum)


def switch_limit(who: Who, limit: Limit, on: bool, now: int) -> None:
    """Off launches nothing more and drains its machines."""
    what = "limit switched " + ("on" if on else "off")
    _change(who, limit, what, str(key_of(limit)), now, enabled=on)


def set_choices(who: Who, limit: Limit, now: int, **choices: Any) -> None:
    """Image, volume size and encryption of machines to come."""
    words = ", ".join(f"{name} {choices[name]}" for name in CHOICES if name in choices)
    _change(who, limit, "limit changed", f"{key_of(limit)}: {words}", now, **choices)


def delete_limit(who: Who, limit: Limit, now: int) -> None:
    """Its machines drain; their rows keep what they counted under."""
    require_writing()
    record(who, "limit deleted", str(key_of(limit)), now, limit_id=limit.id)
    db.session.execute(delete(Limit).where(Limit.id == limit.id))
    announce("aws")


def reset_limit(who: Who, limit: Limit, now: int) -> None:
    """Forget all trouble: try again at once."""
    why = f"{key_of(limit)} is tried again"
    cleared = {"failures": 0, "failed_boots": 0, "tripped_at": None, "zones": {}, **NO_TROUBLE}
    _change(who, limit, "limit reset", why, now, **cleared)


NO_TROUBLE = {
    "trouble_kind": None,
    "trouble_message": None,
    "trouble_at": None,
    "trouble_until": None,
}


def _change(who: Who, limit: Limit, what: str, why: str, now: int, **values: Any) -> None:
    require_writing()
    query = update(Limit.__table__).where(Limit.id == limit.id)
    db.session.execute(query.values(updated_at=now, **values))
    db.session.expire(limit)
    record(who, what, why, now, limit_id=limit.id)
    announce("aws")
