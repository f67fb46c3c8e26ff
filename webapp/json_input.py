"""What came with a request, its JSON body or its query, checked against a model."""

from typing import TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, ValidationError

from webapp import zero_bytes as zeros
from webapp.errors import Refused, bad_content


class Input(BaseModel):
    """Unknown keys are refused: a misspelt one would be ignored in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Query(BaseModel):
    """Unknown words are ignored: the published client sends the same ones with every call."""

    model_config = ConfigDict(extra="ignore", frozen=True)


Model = TypeVar("Model", bound=BaseModel)


def json_input(model: type[Model], *, zero_bytes: bool = False) -> Model:
    """The body as `model`; raises Refused (400) that names every wrong field.

    An empty body counts as `{}`, and no Content-Type is asked for. `zero_bytes`: the model itself
    knows what to do with them.
    """
    data = request.get_data(cache=False) or b"{}"
    if not zero_bytes and (field := zeros.in_json(data)):
        raise Refused(400, "bad_request", f"{field}: {zeros.SENTENCE}", {field: zeros.SENTENCE})
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        raise bad_content(error) from None


def query_input(model: type[Model]) -> Model:
    """What stands behind the question mark as `model`; raises Refused (400) like `json_input`.

    Of a word that is there twice the first one counts.
    """
    try:
        return model.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise bad_content(error) from None


def bearer() -> str:
    """The secret of the Authorization header; raises Refused (401) when there is none."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise Refused(401, "unknown_credential", "Send Authorization: Bearer TOKEN.")
    return secret.strip()
