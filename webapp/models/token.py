"""Tokens of people, looked up by keyed digest. Each person has a main one, which may do all that
its owner may and is sealed on disk to be shown again; and scoped ones (scoped_token.py)."""

import uuid

from sqlalchemy import ForeignKey, Index, bindparam, delete, select, text, update
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from webapp.extensions import db
from webapp.models.columns import Digest, Moment, Name, Sealed
from webapp.models.event import Who, record
from webapp.models.installation import digest
from webapp.models.transaction import require_writing
from webapp.models.user import ROLES, User

#: A token with one of these may do what the role at the same place may, and never more than its
#: owner.
SCOPES = ("read", "submit", "admin")
#: A last use is noted again after so long: not each call is a write.
USE_MS = 10 * 60 * 1000

_MAIN = text("name IS NULL")


class Token(db.Model):
    """`name` and `scope` are null for the main token; of the others `secret` is not kept."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    name: Mapped[Name | None]
    scope: Mapped[Name | None]
    digest: Mapped[Digest]
    secret: Mapped[str | None] = mapped_column(Sealed)
    created_at: Mapped[Moment]
    last_used_at: Mapped[Moment | None]

    user: Mapped[User] = relationship()

    __table_args__ = (
        Index("uq_token_user_id_name", "user_id", "name", unique=True),
        Index("uq_token_main", "user_id", unique=True, sqlite_where=_MAIN, postgresql_where=_MAIN),
    )

    def includes(self, role: str) -> bool:
        """Whether its scope is wide enough for what that role may."""
        return self.scope is None or SCOPES.index(self.scope) >= ROLES.index(role)

    def may(self, role: str) -> bool:
        """Whether both its scope and its owner's role are."""
        return self.includes(role) and self.user.may(role)


# Built once: every call of a script runs it.
_WHOSE = (
    select(Token)
    .join(Token.user)
    .options(contains_eager(Token.user))
    .where(Token.digest == bindparam("digest"), User.disabled_at.is_(None))
)


def token_of(user: User) -> str | None:
    """This person's main token in plain text, to show it to them."""
    query = select(Token.secret).where(Token.user_id == user.id, Token.name.is_(None))
    return db.session.scalar(query)


def last_use_of(user: User) -> int | None:
    """When this person's main token was last used, as far as that was noted."""
    query = select(Token.last_used_at).where(Token.user_id == user.id, Token.name.is_(None))
    return db.session.scalar(query)


def new_token(who: Who, user: User, now: int) -> str:
    """Replace this person's main token; the old one stops working at once."""
    require_writing()
    secret = str(uuid.uuid4())
    db.session.execute(delete(Token).where(Token.user_id == user.id, Token.name.is_(None)))
    db.session.add(Token(user_id=user.id, digest=digest(secret), secret=secret, created_at=now))
    record(who, "token made", "the one before it no longer works", now, user_id=user.id)
    return secret


def find_token(secret: str) -> Token | None:
    """Which token this is, main or scoped; None when it is none, or its owner is disabled."""
    return db.session.scalar(_WHOSE, {"digest": digest(secret)})


def unnoted(token: Token, now: int) -> bool:
    """Whether this use is to be noted, because the last one that was is long ago."""
    return token.last_used_at is None or now - token.last_used_at >= USE_MS


def note_use(token: Token, now: int) -> None:
    """It was used."""
    require_writing()
    table = Token.__table__
    db.session.execute(update(table).where(table.c.id == token.id).values(last_used_at=now))
