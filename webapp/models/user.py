"""People: who may come in, and as what."""

import re

from sqlalchemy import func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import db
from webapp.models.columns import Moment, Name
from webapp.models.event import Who, record
from webapp.models.password import hashed, matches
from webapp.models.transaction import require_writing

ROLES = ("viewer", "member", "admin")  # each may do what those before it may
NAME = re.compile(r"[a-z0-9]([a-z0-9._-]{0,38}[a-z0-9])?")
SHORTEST_PASSWORD = 10


class User(db.Model):
    """`session_version` is in every session cookie: raising it ends all of them."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Name] = mapped_column(unique=True)
    email: Mapped[Name] = mapped_column(unique=True)
    role: Mapped[Name]
    password_hash: Mapped[str]
    session_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Moment]
    disabled_at: Mapped[Moment | None]

    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether this person may come in."""
        return self.disabled_at is None

    def get_id(self) -> str:
        """What the session cookie holds."""
        return f"{self.id}:{self.session_version}"

    def may(self, role: str) -> bool:
        """Whether this person's role includes `role`."""
        return ROLES.index(self.role) >= ROLES.index(role)


def user_of_session(text: str) -> User | None:
    """The person of a session cookie, None when it has been ended."""
    user_id, _, version = text.partition(":")
    user = db.session.get(User, int(user_id)) if user_id.isdigit() else None
    valid = user is not None and user.is_active and str(user.session_version) == version
    return user if valid else None


def user_named(name: str) -> User | None:
    """By name or by email."""
    wanted = name.strip().lower()
    return db.session.scalar(select(User).where((User.name == wanted) | (User.email == wanted)))


def authenticate(name: str, password: str) -> User | None:
    """The active person with this name (or email) and password; the same time for all answers."""
    user = user_named(name)
    right = matches(user.password_hash if user else None, password)
    return user if user and right and user.is_active else None


def anybody() -> bool:
    """Whether there is an account at all."""
    return db.session.scalar(select(func.count()).select_from(User)) > 0


def add_user(who: Who, name: str, email: str, role: str, password: str, now: int) -> User:
    """A new account; the caller has validated the fields."""
    return add_user_with_hash(who, name, email, role, hashed(password), now)


def add_user_with_hash(
    who: Who, name: str, email: str, role: str, password_hash: str, now: int
) -> User:
    """The same, for a password that was hashed before (hashing is slow on purpose)."""
    require_writing()
    user = User(name=name, email=email.lower(), role=role, created_at=now)
    user.password_hash = password_hash
    user.session_version = 1
    db.session.add(user)
    db.session.flush()
    record(who, "user added", f"as {role}", now, user_id=user.id)
    return user


def set_password(who: Who, user: User, password: str, now: int) -> None:
    """A new password; every session of this person ends."""
    require_writing()
    _change(user, password_hash=hashed(password))
    end_sessions(user)
    record(who, "password changed", "all other sessions ended", now, user_id=user.id)


def set_role(who: Who, user: User, role: str, now: int) -> None:
    """A new role, from the next request on."""
    require_writing()
    _change(user, role=role)
    record(who, "role changed", f"now {role}", now, user_id=user.id)


def disable(who: Who, user: User, now: int) -> None:
    """Lock a person out: sessions end at once and their tokens stop working."""
    require_writing()
    _change(user, disabled_at=now)
    end_sessions(user)
    record(who, "user disabled", "sessions ended, tokens refused", now, user_id=user.id)


def enable(who: Who, user: User, now: int) -> None:
    """Let a person in again."""
    require_writing()
    _change(user, disabled_at=None)
    record(who, "user enabled", "", now, user_id=user.id)


def end_sessions(user: User) -> None:
    """Make every session cookie of this person void."""
    _change(user, session_version=user.session_version + 1)


def other_admins(user: User) -> int:
    """How many active admins there are beside this person."""
    query = select(func.count()).select_from(User)
    query = query.where(User.role == "admin", User.disabled_at.is_(None), User.id != user.id)
    return db.session.scalar(query)


def _change(user: User, **values: object) -> None:
    db.session.execute(update(User).where(User.id == user.id).values(**values))
