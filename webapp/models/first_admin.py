"""The first admin: made once, with the one-time secret that the server printed."""

import hmac

from sqlalchemy import update

from webapp.extensions import db
from webapp.models.event import Who
from webapp.models.installation import Installation, digest, the_installation
from webapp.models.token import new_token
from webapp.models.transaction import require_writing
from webapp.models.user import User, add_user, anybody


class SetupClosed(Exception):
    """There is an account already, or the secret is not the one printed last."""


def opens_setup(secret: str) -> bool:
    """Whether this is the secret printed last, and not burnt."""
    kept = the_installation().setup_digest
    return bool(kept) and hmac.compare_digest(kept, digest(secret))


def add_first_admin(who: Who, secret: str, name: str, email: str, password: str, now: int) -> User:
    """Burn the secret and add the admin in one transaction; raises SetupClosed."""
    require_writing()
    mine = Installation.setup_digest == digest(secret)
    burnt = db.session.execute(update(Installation).where(mine).values(setup_digest=None))
    if burnt.rowcount == 0 or anybody():
        raise SetupClosed
    user = add_user(who, name, email, "admin", password, now)
    new_token(who, user, now)
    return user
