"""Changes to people that must leave an admin behind."""

from sqlalchemy import select

from webapp.extensions import db
from webapp.models.event import Who
from webapp.models.transaction import require_writing
from webapp.models.user import User, disable, other_admins, set_role


class LastAdmin(Exception):
    """Without this person nobody could administer the server."""


def all_people() -> list[User]:
    """Everybody, disabled ones too, by name."""
    return list(db.session.scalars(select(User).order_by(User.name)))


def change_role(who: Who, user: User, role: str, now: int) -> None:
    """Raises LastAdmin when that would leave no admin."""
    require_writing()
    if role != "admin":
        _keep_one(user)
    set_role(who, user, role, now)


def lock_out(who: Who, user: User, now: int) -> None:
    """Raises LastAdmin when that would leave no admin."""
    require_writing()
    _keep_one(user)
    disable(who, user, now)


def _keep_one(user: User) -> None:
    admins = select(User.id).where(User.role == "admin", User.disabled_at.is_(None))
    # Locked, so that two admins cannot remove each other at the same time.
    db.session.execute(admins.with_for_update()).all()
    if user.role == "admin" and user.is_active and not other_admins(user):
        raise LastAdmin(f"{user.name} is the last admin. Make somebody else an admin first.")
