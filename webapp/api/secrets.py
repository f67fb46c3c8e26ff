"""Secrets by script: their names come out, their values only go in."""

from typing import Annotated

from flask import Response, jsonify
from pydantic import Field, StringConstraints

from webapp.access import allow
from webapp.api import api
from webapp.api.bearer import caller
from webapp.api.describing import Example, describe
from webapp.api.shapes.shape import Shape, answer
from webapp.clock import now
from webapp.engine.secrets import wrong_with_name, wrong_with_value
from webapp.errors import Refused
from webapp.json_input import Input, json_input
from webapp.models.secret import NoRoom, delete_secret, secret_rows, set_secret
from webapp.models.transaction import writing

Moment = Annotated[int, Field(description="Epoch milliseconds.")]


class SecretName(Input):
    """Which secret."""

    name: Annotated[str, StringConstraints(max_length=1000), Field(examples=["API_KEY"])]


class SecretValue(SecretName):
    """A name of letters, digits and underscores; a value of 6 characters to 64 KiB."""

    value: str


class SecretShape(Shape):
    """All that is told of a secret; its value is not."""

    name: str
    created_at: Moment
    created_by: str
    updated_at: Moment
    updated_by: str


class SecretsShape(Shape):
    """All of them, by name."""

    secrets: list[SecretShape]


_EXAMPLE = {"name": "API_KEY", "value": "only an example"}


@api.get("/secrets")
@allow("token member")
@describe(answers=SecretsShape, examples=[Example("all")])
def secrets() -> Response:
    """List the names of all secrets.

    Their values are given to jobs and to nobody else."""
    shown = SecretShape.model_fields
    rows = [{name: getattr(row, name) for name in shown} for row in secret_rows()]
    return answer(SecretsShape(secrets=[SecretShape(**row) for row in rows]))


@api.post("/secrets/set")
@allow("token admin")
@describe(takes=SecretValue, examples=[Example("add or replace", _EXAMPLE)])
def secrets_set() -> Response:
    """Add a secret, or replace its value.

    Jobs that begin from now on get it as an environment variable."""
    body = json_input(SecretValue)
    wrong = {"name": wrong_with_name(body.name), "value": wrong_with_value(body.value)}
    for field, sentence in wrong.items():
        if sentence:
            raise Refused(400, "bad_request", sentence, {field: sentence})
    try:
        with writing():
            set_secret(caller(), body.name, body.value, now())
    except NoRoom as error:
        raise Refused(400, "no_room", str(error), {"value": str(error)}) from None
    return jsonify({})


@api.post("/secrets/delete")
@allow("token admin")
@describe(
    takes=SecretName,
    errors={404: "There is no such secret."},
    examples=[Example("forget it", {"name": "OLD_KEY"})],
)
def secrets_delete() -> Response:
    """Forget a secret.

    Jobs that run already keep what they were given."""
    name = json_input(SecretName).name
    with writing():
        deleted = delete_secret(caller(), name, now())
    if not deleted:
        raise Refused(404, "not_found", f"There is no secret called {name[:100]}.")
    return jsonify({})
