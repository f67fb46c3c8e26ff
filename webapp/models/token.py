"""Personal tokens: shown in Settings, sealed on disk, looked up by keyed digest."""

import uuid

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.extensions import db
from webapp.models.columns import Digest, Moment, Sealed
from webapp.models.event import Who, record
from webapp.models.installation import digest
from webapp.models.transaction import require_writing
from webapp.models.user import User


class Token(db.Model):
    """A person's token: a UUID."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), unique=True)
    digest: Mapped[Digest]
    secret: Mapped[str] = mapped_column(Sealed)
    created_at: Mapped[Moment]

    user: Mapped[User] = relationship()


def token_of(user: User) -> str | None:
    """This person's token in plain text, to show it to them."""
    return db.session.scalar(select(Token.secret).where(Token.user_id == user.id))


def new_token(who: Who, user: User, now: int) -> str:
    """Replace this person's token; the old one stops working at once."""
    require_writing()
    secret = str(uuid.uuid4())
    db.session.execute(delete(Token).where(Token.user_id == user.id))
    db.session.add(Token(user_id=user.id, digest=digest(secret), secret=secret, created_at=now))
    record(who, "token made", "the one before it no longer works", now, user_id=user.id)
    return secret


def user_of_token(secret: str) -> User | None:
    """Whose token this is; None when nobody's, or its owner is disabled."""
    query = select(User).join(Token, Token.user_id == User.id)
    query = query.where(Token.digest == digest(secret), User.disabled_at.is_(None))
    return db.session.scalar(query)
