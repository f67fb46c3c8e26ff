"""One call as OpenAPI describes it."""

from collections.abc import Mapping
from typing import Any

from webapp.api.describing import Example, Raw
from webapp.reference.calls import Call
from webapp.reference.refusal import Refusal, refusals

References = Mapping[tuple[Any, Any], dict[str, Any]]
_TEXT = {"type": "string"}
_RETRY_AFTER = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}


def operation(call: Call, references: References) -> dict[str, Any]:
    """The Operation Object; `references` lead to the schemas of the models."""
    told: dict[str, Any] = {
        "operationId": call.name,
        "tags": [call.group],
        "summary": call.summary,
        "description": f"{call.more}\n\nNeeds the role {call.role}.".strip(),
        "security": [{"token": [call.scope]}],
        "parameters": [*_arguments(call), *_query(call), *_headers(call)],
        "responses": _responses(call, references),
    }
    if call.description.takes:
        told["requestBody"] = _body(call, references)
    return told


def _arguments(call: Call) -> list[dict[str, Any]]:
    values = {name: _samples(call, name) for name in call.arguments}
    return [
        {"name": name, "in": "path", "required": True, "schema": _TEXT, "examples": samples}
        for name, samples in values.items()
    ]


def _samples(call: Call, name: str) -> dict[str, Any]:
    examples = call.description.examples
    return {each.says: {"value": each.path[name]} for each in examples if name in each.path}


def _query(call: Call) -> list[dict[str, Any]]:
    if call.description.query is None:
        return []
    schema = call.description.query.model_json_schema()
    return [_parameter(name, word, call) for name, word in schema["properties"].items()]


def _parameter(name: str, word: dict[str, Any], call: Call) -> dict[str, Any]:
    # A word that is left out is null; there is no way to write null behind a question mark.
    kinds = [kind for kind in word.get("anyOf", [word]) if kind.get("type") != "null"]
    schema = {key: value for key, value in kinds[0].items() if key not in ("title", "description")}
    told = {"name": name, "in": "query", "schema": schema}
    if "description" in word:
        told["description"] = word["description"]
    examples = call.description.examples
    samples = {
        each.says: {"value": _typed(each.query[name], schema)}
        for each in examples
        if name in each.query
    }
    return {**told, "examples": samples} if samples else told


def _typed(text: str, schema: dict[str, Any]) -> Any:
    """A value of a query as its schema has it."""
    kind = schema.get("type")
    return int(text) if kind == "integer" else text == "true" if kind == "boolean" else text


def _headers(call: Call) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "header", "description": says, "schema": _TEXT}
        for name, says in call.description.headers.items()
    ]


def _body(call: Call, references: References) -> dict[str, Any]:
    takes = call.description.takes
    if isinstance(takes, Raw):
        content: dict[str, Any] = {takes.media_type: {"schema": {}}}
        return {"required": True, "description": takes.says, "content": content}
    schema = references[(takes, "validation")]
    examples = [each for each in call.description.examples if each.body is not None]
    content = {"schema": schema, "examples": {each.says: _shown(each) for each in examples}}
    return {"required": True, "content": {"application/json": content}}


def _shown(example: Example) -> dict[str, Any]:
    says = f" (answers {example.status})" if example.status != 200 else ""
    return {"summary": example.says + says, "value": example.body}


def _responses(call: Call, references: References) -> dict[str, Any]:
    answers = call.description.answers
    refusal = {"application/json": {"schema": references[(Refusal, "serialization")]}}
    told = {str(s): {"description": why, "content": refusal} for s, why in refusals(call).items()}
    told["429"]["headers"] = _RETRY_AFTER
    if isinstance(answers, Raw):
        headers = {
            name: {"description": says, "schema": _TEXT} for name, says in answers.headers.items()
        }
        content: dict[str, Any] = {answers.media_type: {}}
        good = {"description": answers.says, "content": content, "headers": headers}
    else:
        schema = references[(answers, "serialization")]
        content = {"application/json": {"schema": schema}}
        good = {"description": (answers.__doc__ or "Done.").strip(), "content": content}
    return {"200": good, **told}
