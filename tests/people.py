"""People for tests: one of each role, all with the same password."""

from functools import cache

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.security import generate_password_hash

from webapp.clock import now
from webapp.engine.states import Actor
from webapp.models.event import Who
from webapp.models.token import new_token, token_of
from webapp.models.transaction import writing
from webapp.models.user import User, add_user_with_hash, user_named

PASSWORD = "correct horse battery"
QUICK_HASH = "scrypt:1024:1:1"  # as slow as it should be, hashing took a tenth of the pages' tests
NAMES = {"viewer": "vera", "member": "max", "admin": "ada"}
TESTS = Who(Actor.PERSON, "tests")


@cache
def _password_hash() -> str:
    """Hashing takes a while even so: once for all tests."""
    return generate_password_hash(PASSWORD, QUICK_HASH)


def add_people() -> dict[str, User]:
    """role -> person."""
    with writing():
        for role, name in NAMES.items():
            about = (name, f"{name}@example.org", role, _password_hash())
            person = add_user_with_hash(TESTS, *about, now())
            new_token(TESTS, person, now())
    return {role: user_named(name) for role, name in NAMES.items()}


def logged_in(app: Flask, person: User) -> FlaskClient:
    """A browser with this person's session."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = person.get_id()
        session["_fresh"] = True
    return client


def token(role: str = "member") -> str:
    """The personal token of the person with this role; needs an application context."""
    return token_of(user_named(NAMES[role]))


def bearer(role: str = "member") -> dict[str, str]:
    """Headers of a script that acts for the person with this role."""
    return {"Authorization": f"Bearer {token(role)}"}
