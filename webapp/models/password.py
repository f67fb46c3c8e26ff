"""Passwords are kept as hashes, and hashing is slow on purpose."""

from functools import cache

from flask import current_app
from werkzeug.security import check_password_hash, generate_password_hash

from webapp.turnstile import standing_aside


def hashed(password: str) -> str:
    """As the setting PASSWORD_HASH says; what was hashed before stays valid."""
    with standing_aside():
        return generate_password_hash(password, method=_method())


def matches(kept: str | None, password: str) -> bool:
    """Whether it is this password; None (nobody) takes the same time to say no."""
    with standing_aside():
        return check_password_hash(kept or _nobody(_method()), password) and kept is not None


@cache
def _nobody(method: str) -> str:
    return generate_password_hash("nobody has this password", method=method)


def _method() -> str:
    return current_app.extensions["settings"].password_hash
