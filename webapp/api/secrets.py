"""Secrets by script: their names come out, their values only go in."""

from typing import Annotated

from flask import Response, jsonify
from pydantic import StringConstraints

from webapp.access import allow
from webapp.api import api
from webapp.api.bearer import caller
from webapp.clock import now
from webapp.engine.secrets import wrong_with_name, wrong_with_value
from webapp.errors import Refused
from webapp.json_input import Input, json_input
from webapp.models.secret import NoRoom, delete_secret, secret_rows, set_secret
from webapp.models.transaction import writing

_SHOWN = ("name", "created_at", "created_by", "updated_at", "updated_by")


class SecretName(Input):
    """`secrets/delete`"""

    name: Annotated[str, StringConstraints(max_length=1000)]


class SecretValue(SecretName):
    """`secrets/set`"""

    value: str


@api.get("/secrets")
@allow("token member")
def secrets() -> Response:
    """Every secret's name, who saved it and when."""
    rows = [{name: getattr(row, name) for name in _SHOWN} for row in secret_rows()]
    return jsonify(secrets=rows)


@api.post("/secrets/set")
@allow("token admin")
def secrets_set() -> Response:
    """Add a secret or replace its value; jobs that begin from now on get it."""
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
def secrets_delete() -> Response:
    """Forget a secret; jobs that run already keep what they were given."""
    name = json_input(SecretName).name
    with writing():
        deleted = delete_secret(caller(), name, now())
    if not deleted:
        raise Refused(404, "not_found", f"There is no secret called {name[:100]}.")
    return jsonify({})
