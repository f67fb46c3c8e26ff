"""Practice mode by script: the keys of the simulated account, and an interruption to rehearse."""

from typing import Annotated

from flask import Response, jsonify
from pydantic import Field, StringConstraints

from webapp.access import allow
from webapp.api import api
from webapp.api.describing import Example, describe
from webapp.api.shapes.shape import Shape, answer
from webapp.errors import Refused
from webapp.json_input import Input, json_input
from webapp.models.instance import instance_of
from webapp.models.runner import runner_named
from webapp.practice import PracticeError, ask_practice, practice_aws


class PracticeKeys(Shape):
    """Keys of the simulated account."""

    aws_access_key_id: str
    aws_secret_access_key: str


class Interruption(Input):
    """EC2's notice: the machine goes in so many (real) seconds."""

    runner_name: Annotated[str, StringConstraints(max_length=100)]
    seconds: Annotated[float, Field(gt=0, le=600)] = 120


_NO_PRACTICE = {404: "This server is not in practice mode, or there is no such machine in it."}


@api.get("/practice/keys")
@allow("token admin")
@describe(
    answers=PracticeKeys,
    errors=_NO_PRACTICE,
    examples=[Example("on a server with real work", status=404)],
)
def practice_keys() -> Response:
    """Tell the keys of the simulated account.

    They open nothing but the simulator, and are entered like real ones."""
    ready = _practice().ready
    keys = {f"aws_{name}": ready[name] for name in ("access_key_id", "secret_access_key")}
    return answer(PracticeKeys(**keys))


@api.post("/practice/interrupt")
@allow("token admin")
@describe(
    takes=Interruption,
    errors={**_NO_PRACTICE, 409: "The simulator does not do it; it says why."},
    examples=[Example("on a server with real work", {"runner_name": "x"}, status=404)],
)
def interrupt() -> Response:
    """Take a simulated machine back, as EC2 does with spot instances."""
    body = json_input(Interruption)
    _practice()
    runner = runner_named(body.runner_name)
    instance = instance_of(runner.id) if runner else None
    if instance is None or not instance.ec2_id:
        raise Refused(404, "not_found", f"{body.runner_name} is no machine of the simulator.")
    try:
        ask_practice("interrupt", instance.ec2_id, real_seconds=body.seconds)
    except PracticeError as error:
        raise Refused(409, "wrong_state", str(error)) from None
    return jsonify({})


def _practice():
    practice = practice_aws()
    if practice is None:
        raise Refused(404, "not_found", "This server is not in practice mode.")
    return practice
