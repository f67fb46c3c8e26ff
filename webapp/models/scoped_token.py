"""Tokens with a name and a scope, beside the main one. Each is shown once, when it is made: only
its digest is kept."""

import uuid

from sqlalchemy import delete, func, select

from webapp.extensions import db
from webapp.models.event import Who, record
from webapp.models.installation import digest
from webapp.models.token import SCOPES, Token
from webapp.models.transaction import require_writing
from webapp.models.user import ROLES, User

MOST_TOKENS = 100


class TokenRefused(Exception):
    """It cannot be made; the sentence says why."""


def scopes_for(user: User) -> tuple[str, ...]:
    """Those that do not go beyond the person's role."""
    return SCOPES[: ROLES.index(user.role) + 1]


def scoped_tokens(user: User) -> list[Token]:
    """This person's, by name."""
    query = select(Token).where(Token.user_id == user.id, Token.name.is_not(None))
    return list(db.session.scalars(query.order_by(Token.name)))


def add_token(who: Who, user: User, name: str, scope: str, now: int) -> str:
    """The secret, in plain text for the only time. Raises TokenRefused."""
    require_writing()
    if scope not in scopes_for(user):
        raise TokenRefused(f"A {user.role} has no use for a token with the scope {scope}.")
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())
    names = select(Token.name).where(Token.user_id == user.id, Token.name.is_not(None))
    if name in set(db.session.scalars(names)):
        raise TokenRefused(f"You have a token called {name} already: revoke it, or choose another.")
    if db.session.scalar(select(func.count()).select_from(names.subquery())) >= MOST_TOKENS:
        raise TokenRefused(f"You have {MOST_TOKENS} tokens: revoke those that nobody uses.")
    secret = str(uuid.uuid4())
    about = {"name": name, "scope": scope, "digest": digest(secret)}
    db.session.add(Token(user_id=user.id, created_at=now, **about))
    record(who, "token made", f"{name}, with the scope {scope}", now, user_id=user.id)
    return secret


def revoke_token(who: Who, user: User, name: str, now: int) -> bool:
    """It stops working at once; False when there is none of that name."""
    require_writing()
    query = delete(Token).where(Token.user_id == user.id, Token.name == name)
    if db.session.execute(query).rowcount == 0:
        return False
    record(who, "token revoked", name, now, user_id=user.id)
    return True
