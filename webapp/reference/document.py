"""The OpenAPI document."""

from typing import Any

from flask import Response, current_app, jsonify
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from webapp.access import allow
from webapp.api.describing import Raw
from webapp.public_url import public_url
from webapp.reference import reference
from webapp.reference.calls import Call, calls_of
from webapp.reference.operation import operation
from webapp.reference.refusal import Refusal
from webapp.version import VERSION

_ABOUT = (
    "Everything is JSON unless a call says otherwise. Times are epoch milliseconds. A refusal has "
    "a sentence in `message` and a word in `code`. A slash at the end of an address is accepted."
)
_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token from Settings → Account: the main one, or one with a smaller scope.",
}


@reference.get("/api/openapi.json")
@allow("anyone")
def openapi() -> Response:
    """The document, for programs."""
    return jsonify(servers=[{"url": public_url()}], **the_document())


def the_document() -> dict[str, Any]:
    """The document without the server's address; made once."""
    kept = current_app.extensions
    if "openapi" not in kept:
        kept["openapi"] = _document(calls_of(current_app))
    return kept["openapi"]


def _document(calls: list[Call]) -> dict[str, Any]:
    references, schemas = models_json_schema(
        list(_models(calls)), ref_template="#/components/schemas/{model}"
    )
    paths: dict[str, dict[str, Any]] = {}
    for call in calls:
        paths.setdefault(call.path, {})[call.method.lower()] = operation(call, references)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Runners", "version": VERSION, "description": _ABOUT},
        "tags": [{"name": name} for name in dict.fromkeys(call.group for call in calls)],
        "paths": paths,
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {"token": _TOKEN},
        },
    }


def _models(calls: list[Call]) -> dict[tuple[type[BaseModel], JsonSchemaMode], None]:
    """Every model that a body or an answer is, in order, once."""
    found: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(Refusal, "serialization"): None}
    for call in calls:
        takes, answers = call.description.takes, call.description.answers
        if takes and not isinstance(takes, Raw):
            found[(takes, "validation")] = None
        if not isinstance(answers, Raw):
            found[(answers, "serialization")] = None
    return found
