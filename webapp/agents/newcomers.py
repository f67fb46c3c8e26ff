"""A token becomes the credential of one machine."""

import secrets
from typing import Any

from flask import Response, g, jsonify

from webapp.access import allow
from webapp.agents import agents
from webapp.agents.credential import this_runner
from webapp.agents.schemas import Clone, Newcomer
from webapp.clock import now
from webapp.engine.states import Actor
from webapp.errors import Refused
from webapp.json_input import json_input
from webapp.models.bootstrap import admit_machine
from webapp.models.event import Who
from webapp.models.newcomers import add_self_hosted_runner
from webapp.models.runner import SELF_HOSTED
from webapp.models.token import Token, find_token, note_use
from webapp.models.transaction import writing
from webapp.version import VERSION

SPEAKS = 1


@agents.post("/runners")
@allow("newcomer")
def register() -> tuple[Response, int]:
    """Exchange a personal token, or the bootstrap token of one instance."""
    body = json_input(Newcomer)
    check_protocol(body.protocol)
    credential = secrets.token_urlsafe(32)
    return _welcome(_admit(body, credential), credential)


@agents.post("/clone")
@allow("runner")
def clone() -> tuple[Response, int]:
    """A copied machine becomes a runner of its own."""
    body = json_input(Clone)
    check_protocol(body.protocol)
    copied = g.runner
    if copied.kind != SELF_HOSTED:
        # Nobody copies these, and every job on one can read its credential: it must not become a
        # runner that stays when the machine is gone.
        raise Refused(403, "not_allowed", "A machine that was launched here is not copied.")
    credential = secrets.token_urlsafe(32)
    with writing():
        row = add_self_hosted_runner(
            this_runner(),
            f"a copy of the machine of {copied.name}",
            now(),
            credential=credential,
            owner_id=copied.owner_id,
            name=None,
            machine_id=body.machine_id,
            agent_version=body.agent_version,
            max_jobs=copied.max_jobs,
            labels=list(copied.labels),
        )
    return _welcome(row, credential)


def check_protocol(version: int) -> None:
    """Raise Refused (426) for a version that this server does not speak."""
    if version != SPEAKS:
        sentence = f"This server speaks version {SPEAKS} of the agent protocol, not {version}."
        raise Refused(426, "protocol", sentence, speaks=[SPEAKS])


def _admit(body: Newcomer, credential: str) -> Any:
    with writing():
        instance_runner = admit_machine(g.secret, body.machine_id, credential, now())
        if instance_runner:
            return instance_runner
        token = find_token(g.secret)
        if token is None:
            raise Refused(401, "unknown_credential", "This token is not known here.")
        _check_may(token)
        note_use(token, now())
        user = token.user
        return add_self_hosted_runner(
            Who(Actor.PERSON, user.name),
            f"added with the token of {user.name}",
            now(),
            credential=credential,
            owner_id=user.id,
            name=body.name,
            machine_id=body.machine_id,
            agent_version=body.agent_version,
            max_jobs=body.max_jobs,
            labels=list(body.labels),
        )


def _check_may(token: Token) -> None:
    user = token.user
    if not user.may("member"):
        raise Refused(403, "not_allowed", f"{user.name} is a {user.role} and adds no runners.")
    if not token.may("member"):
        sentence = (
            f"The token {token.name} may only {token.scope}: use one with the scope submit or "
            "admin, or the main one."
        )
        raise Refused(403, "not_allowed", sentence)


def _welcome(runner: Any, credential: str) -> tuple[Response, int]:
    answer = jsonify(
        runner_id=runner.id,
        runner_name=runner.name,
        credential=credential,
        clock=now(),
        server_version=VERSION,
    )
    return answer, 201
