"""What every call can answer when something is wrong."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from webapp.reference.calls import Call


class Refusal(BaseModel):
    """Why it was not done: a sentence for people, a word for programs."""

    model_config = ConfigDict(extra="allow", json_schema_serialization_defaults_required=False)

    message: str
    code: str
    detail: str = Field("", description="More words, where `message` is one that clients know.")
    fields: dict[str, str] = Field({}, description="Field -> what was expected in it.")
    problems: list[dict[str, Any]] = Field(
        [],
        description="Each thing that is wrong with a workflow file: `line`, `where`, `sentence`.",
    )


_INPUT = "A field is wrong; `fields` names it."
_UNKNOWN = "No token was sent, or nobody's."
_NOT_ALLOWED = "The token's owner has a lower role, or the token a smaller scope."
_TOO_LARGE = "The body is too large."
_TOO_MANY = "Too many calls with this token: wait as many seconds as `Retry-After` says."
_TROUBLE = "The server's database or its disk is in trouble: try again a little later."


def refusals(call: Call) -> dict[int, str]:
    """Status -> when this call answers with it."""
    description = call.description
    told = {401: _UNKNOWN, 403: _NOT_ALLOWED, 429: _TOO_MANY, 503: _TROUBLE}
    if description.takes or description.query or description.headers:
        told[400] = _INPUT
    if description.takes:
        told[413] = _TOO_LARGE
    for status, sentence in description.errors.items():
        told[status] = f"{told.get(400, '')} {sentence}".strip() if status == 400 else sentence
    return dict(sorted(told.items()))
