"""Submissions that were made under a key: repeated, they are answered again and not made again."""

import hashlib
from collections.abc import Callable

from sqlalchemy import ForeignKey, Index, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import db
from webapp.models.columns import Moment, Name
from webapp.models.transaction import require_writing

KEPT_MS = 24 * 3600 * 1000


class IdempotencyKey(db.Model):
    """`digest` is of what was asked, `answer` the name or id of what was made."""

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    key: Mapped[Name] = mapped_column(primary_key=True)
    digest: Mapped[Name]
    answer: Mapped[Name]
    created_at: Mapped[Moment]

    __table_args__ = (Index("ix_idempotency_key_created_at", "created_at"),)


class KeyReused(Exception):
    """The key came with something else before."""


def answered_before(user_id: int, key: str, asked: str, now: int) -> str | None:
    """The answer that the same request got within a day; raises KeyReused."""
    query = select(IdempotencyKey.digest, IdempotencyKey.answer).where(*_this(user_id, key))
    found = db.session.execute(query.where(IdempotencyKey.created_at > now - KEPT_MS)).first()
    if found is None:
        return None
    if found.digest != _digest(asked):
        raise KeyReused
    return found.answer


def only_once(user_id: int, key: str, asked: str, now: int, make: Callable[[], str]) -> str:
    """What `make` answers, or what it answered before; of two at once one waits for the other.
    Raises KeyReused."""
    require_writing()
    old = IdempotencyKey.created_at <= now - KEPT_MS
    db.session.execute(delete(IdempotencyKey).where(old))
    insert = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    row = {"user_id": user_id, "key": key, "digest": _digest(asked), "answer": ""}
    query = insert[db.session.connection().dialect.name](IdempotencyKey)
    query = query.values(**row, created_at=now).on_conflict_do_nothing()
    if db.session.execute(query.returning(IdempotencyKey.key)).first() is None:
        return answered_before(user_id, key, asked, now) or ""
    answer = make()
    this = update(IdempotencyKey).where(*_this(user_id, key))
    db.session.execute(this.values(answer=answer))
    return answer


def _this(user_id: int, key: str) -> tuple[object, object]:
    return IdempotencyKey.user_id == user_id, IdempotencyKey.key == key


def _digest(asked: str) -> str:
    return hashlib.sha256(asked.encode()).hexdigest()
