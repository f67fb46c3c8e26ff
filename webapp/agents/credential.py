"""Which runner calls: the guard of this room."""

from typing import Any

from flask import g, request
from sqlalchemy import bindparam, select

from webapp.access import guard
from webapp.engine.states import Actor
from webapp.engine.states import Runner as Status
from webapp.errors import Refused
from webapp.json_input import bearer
from webapp.models.event import Who
from webapp.models.installation import digest
from webapp.models.runner import Runner
from webapp.models.transaction import execute

_WHOSE = select(Runner.__table__).where(Runner.__table__.c.credential_digest == bindparam("digest"))
_WITHOUT_SESSION = ("agents.start", "agents.clone")


@guard("newcomer")
def _check_token_is_there(audience: str) -> None:
    g.secret = bearer()  # whose it is, the view finds out: a person's or a machine's


@guard("runner")
def _check_credential(audience: str) -> None:
    runner = _runner_of(bearer())
    if runner is None:
        raise Refused(401, "unknown_credential", "This credential is not known here.")
    if runner.status == Status.GONE:
        raise Refused(403, "runner_removed", f"The runner {runner.name} was removed.")
    g.runner, g.who_calls = runner, runner.name
    # A goodbye may be repeated, because its answer may have been lost.
    goodbye_again = request.endpoint == "agents.stop" and runner.status == Status.OFFLINE
    if request.endpoint not in _WITHOUT_SESSION and not goodbye_again:
        check_session(runner)


def _runner_of(secret: str) -> Any:
    return execute(_WHOSE, {"digest": digest(secret)}).first()


def check_session(runner: Any) -> None:
    """Raise Refused (409) when another process of this machine is the runner now.

    A lost runner has no session; it may come back under the one it had.
    """
    given = request.headers.get("Runner-Session", "")
    if not given:
        raise Refused(400, "bad_request", "Send the header Runner-Session.")
    if runner.session not in (given, None) or runner.status == Status.OFFLINE:
        raise Refused(409, "old_session", "Another start of this runner has taken over.")


def this_runner() -> Who:
    """The runner of this request, as an actor."""
    return Who(Actor.RUNNER, g.runner.name)


def session_given() -> str:
    """The life of the agent process that calls."""
    return request.headers.get("Runner-Session", "")
