"""Secrets: given to every job as environment, shown to nobody after they were saved."""

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from webapp.engine.secrets import MOST_TOGETHER
from webapp.extensions import db
from webapp.models.columns import Moment, Name, Sealed
from webapp.models.event import Who, record
from webapp.models.transaction import require_writing


class NoRoom(Exception):
    """All secrets together would be more than a job can be given."""


class Secret(db.Model):
    """`size` is the value's, in bytes; `…_by` are names of people."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Name] = mapped_column(unique=True)
    value: Mapped[str] = mapped_column(Sealed)
    size: Mapped[int]
    created_at: Mapped[Moment]
    created_by: Mapped[Name]
    updated_at: Mapped[Moment]
    updated_by: Mapped[Name]


_TABLE = Secret.__table__
#: Whether jobs have secrets to fetch.
ANY_SECRET = select(_TABLE.c.id).exists()
_ABOUT = [column for column in _TABLE.c if column.name != "value"]


def secret_rows() -> list:
    """All of them by name, without their values."""
    return list(db.session.execute(select(*_ABOUT).order_by(_TABLE.c.name)))


def secret_exists(name: str) -> bool:
    """Whether there is one of that name."""
    return db.session.scalar(_named(name)) is not None


def secret_values() -> dict[str, str]:
    """Name -> value, for a runner that has a job to run."""
    rows = db.session.execute(select(Secret.name, Secret.value).order_by(Secret.name))
    return {row.name: row.value for row in rows}


def set_secret(who: Who, name: str, value: str, now: int) -> bool:
    """Add it or replace its value; whether it is new. Raises NoRoom.

    The caller has checked name and value (engine/secrets.py).
    """
    require_writing()
    size = len(value.encode())
    others = select(func.coalesce(func.sum(_TABLE.c.size), 0)).where(_TABLE.c.name != name)
    if db.session.scalar(others) + size > MOST_TOGETHER:
        raise NoRoom(
            f"All secrets together have at most {MOST_TOGETHER // 1024} KiB, because every job is "
            "given all of them: delete one first."
        )
    values = {"value": value, "size": size, "updated_at": now, "updated_by": who.name}
    is_new = not secret_exists(name)
    if is_new:
        db.session.add(Secret(name=name, created_at=now, created_by=who.name, **values))
        db.session.flush()
    else:
        db.session.execute(update(_TABLE).where(_TABLE.c.name == name).values(**values))
    record(who, "secret added" if is_new else "secret replaced", name, now)
    return is_new


def delete_secret(who: Who, name: str, now: int) -> bool:
    """Forget it; False when there is none of that name."""
    require_writing()
    if not secret_exists(name):
        return False
    db.session.execute(delete(_TABLE).where(_TABLE.c.name == name))
    record(who, "secret deleted", name, now)
    return True


def _named(name: str) -> Select:
    return select(_TABLE.c.id).where(_TABLE.c.name == name)
