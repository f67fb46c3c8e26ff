"""Tries that are counted, such as those to log in: for all processes together, and across restarts.

A key is kept as a digest: it holds what a stranger typed.
"""

import hashlib
from typing import Any

from flask import current_app
from limits.storage import MovingWindowSupport, Storage
from sqlalchemy import Index, String, delete, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import db
from webapp.models.columns import Moment
from webapp.models.transaction import execute, writing


class Try(db.Model):
    """One try; it counts until that moment."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    until: Mapped[Moment]

    __table_args__ = (Index("ix_try_key", "key"), Index("ix_try_until", "until"))


class Tries(Storage, MovingWindowSupport):  # type: ignore[misc]  # it has no types
    """Where the library that reads a rate keeps its counts: `books://`. Only what a moving window
    needs."""

    STORAGE_SCHEME = ("books",)

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong with the books."""
        return SQLAlchemyError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Whether so many more may be made within `limit` in `expiry` seconds; they are counted."""
        moment, digest = _now(), _digest(key)
        rows = [{"key": digest, "until": moment + expiry * 1000}] * amount
        with writing():
            _one_at_a_time(digest)
            execute(delete(Try.__table__).where(Try.until <= moment))
            _, count = _window(digest, moment, expiry)
            may = count + amount <= limit
            if may:
                execute(insert(Try.__table__), rows)
        return may

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Since when tries count, in seconds, and how many there are."""
        moment = _now()
        oldest, count = _window(_digest(key), moment, expiry)
        began = moment if oldest is None else oldest - expiry * 1000
        return began / 1000, count

    def reset(self) -> int:
        """Forget all of them; how many there were."""
        with writing():
            return int(execute(delete(Try.__table__)).rowcount)

    def clear(self, key: str) -> None:
        """Forget those of this key."""
        with writing():
            execute(delete(Try.__table__).where(Try.key == _digest(key)))

    def check(self) -> bool:
        """Whether it can be used: as much as anything else here."""
        return True

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Of other strategies."""
        raise NotImplementedError

    get = get_expiry = incr


def _window(digest: str, moment: int, expiry: int) -> tuple[int | None, int]:
    """Until when the oldest counts, and how many there are. What seems to be made in the future was
    made before the clock was set back, and is forgotten."""
    of_now = Try.until.between(moment + 1, moment + expiry * 1000)
    query = select(func.min(Try.until), func.count()).where(Try.key == digest, of_now)
    oldest, count = db.session.execute(query).one()
    return oldest, count


def _now() -> int:
    return int(current_app.extensions["clock"]())


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _one_at_a_time(digest: str) -> None:
    """Of two who count at once on PostgreSQL neither would see the other's."""
    if db.session.connection().dialect.name == "postgresql":
        number: Any = int(digest[:15], 16)
        execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
