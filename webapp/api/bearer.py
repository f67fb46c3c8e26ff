"""Whose token it is, and what it may: the guard of this room."""

from flask import g

from webapp.access import guard
from webapp.api.rate import count_call
from webapp.clock import now
from webapp.engine.states import Actor
from webapp.errors import Refused
from webapp.json_input import bearer
from webapp.models.event import Who
from webapp.models.token import SCOPES, Token, find_token, note_use, unnoted
from webapp.models.transaction import writing
from webapp.models.user import ROLES


@guard("token viewer", "token member", "token admin")
def _check_token(audience: str) -> None:
    token = find_token(bearer())
    if token is None:
        raise Refused(401, "unknown_credential", "This token is not known here.")
    count_call(token.id)
    _check_role(token, audience.removeprefix("token "))
    if unnoted(token, now()):
        with writing():
            note_use(token, now())
    g.user, g.who_calls = token.user, token.user.name


def _check_role(token: Token, role: str) -> None:
    user = token.user
    if not user.may(role):
        sentence = f"This needs the role {role}; {user.name} is {user.role}."
        raise Refused(403, "not_allowed", sentence)
    if not token.includes(role):
        needed = SCOPES[ROLES.index(role)]
        sentence = f"This needs a token with the scope {needed}; {token.name} has {token.scope}."
        raise Refused(403, "scope", sentence)


def caller() -> Who:
    """The person whose token came with this request, as an actor."""
    return Who(Actor.PERSON, g.who_calls)
