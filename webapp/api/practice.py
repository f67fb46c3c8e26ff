"""Practice mode by script: the keys of the simulated account, and an interruption to rehearse."""

from typing import Annotated

from flask import Response, jsonify
from pydantic import Field, StringConstraints

from webapp.access import allow
from webapp.api import api
from webapp.errors import Refused
from webapp.json_input import Input, json_input
from webapp.models.instance import instance_of
from webapp.models.runner import runner_named
from webapp.practice import practice_aws


class Interruption(Input):
    """EC2's notice: the machine goes in so many (real) seconds."""

    runner_name: Annotated[str, StringConstraints(max_length=100)]
    seconds: Annotated[float, Field(gt=0, le=600)] = 120


@api.get("/practice/keys")
@allow("token admin")
def practice_keys() -> Response:
    """Keys that open nothing but the simulator, to be entered like real ones."""
    ready = _practice().ready
    return jsonify(
        aws_access_key_id=ready["access_key_id"],
        aws_secret_access_key=ready["secret_access_key"],
    )


@api.post("/practice/interrupt")
@allow("token admin")
def interrupt() -> Response:
    """Take a machine back, as EC2 does with spot instances."""
    body = json_input(Interruption)
    practice = _practice()
    runner = runner_named(body.runner_name)
    instance = instance_of(runner.id) if runner else None
    if instance is None or not instance.ec2_id:
        raise Refused(404, "not_found", f"{body.runner_name} is no machine of the simulator.")
    practice.interrupt(instance.ec2_id, real_seconds=body.seconds)
    return jsonify({})


def _practice():
    practice = practice_aws()
    if practice is None:
        raise Refused(404, "not_found", "This server is not in practice mode.")
    return practice
