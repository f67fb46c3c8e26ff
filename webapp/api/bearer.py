"""Whose token it is: the guard of this room."""

from flask import g

from webapp.access import guard
from webapp.engine.states import Actor
from webapp.errors import Refused
from webapp.json_input import bearer
from webapp.models.event import Who
from webapp.models.token import user_of_token


@guard("token viewer", "token member", "token admin")
def _check_token(audience: str) -> None:
    user = user_of_token(bearer())
    if user is None:
        raise Refused(401, "unknown_credential", "This token is not known here.")
    role = audience.removeprefix("token ")
    if not user.may(role):
        raise Refused(
            403, "not_allowed", f"This needs the role {role}; {user.name} is {user.role}."
        )
    g.user, g.who_calls = user, user.name


def caller() -> Who:
    """The person whose token came with this request, as an actor."""
    return Who(Actor.PERSON, g.user.name)
