"""The JSON Schemas of both files, for editors; made from the models that read them."""

from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from webapp.workflow_files.filling import NAME
from webapp.workflow_files.limits import MOST_VARIABLES, MOST_WORKFLOWS
from webapp.workflow_files.providers import PROVIDERS
from webapp.workflow_files.values import SCALAR
from webapp.workflow_files.variables import GLOBAL

_DRAFT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
_SECTION = {
    "type": ["object", "null"],
    "propertyNames": {"pattern": f"^({NAME.pattern})$"},
    "additionalProperties": {"type": [*SCALAR, "null"]},
    "maxProperties": MOST_VARIABLES,
}
_VARIABLES = {
    "type": ["object", "null"],
    "description": "Values for `${{ name }}`; each is a variable of the environment too.",
    "properties": {GLOBAL: {**_SECTION, "description": "For all workflows."}},
    "additionalProperties": {**_SECTION, "description": "For the workflow of this name."},
}


@cache
def variables_schema() -> dict[str, Any]:
    """Of `.dstack/variables.yaml`."""
    return {
        **_DRAFT,
        "title": "Variables of workflows",
        "type": ["object", "null"],
        "properties": {"variables": _VARIABLES},
        "additionalProperties": False,
    }


@cache
def workflows_schema() -> dict[str, Any]:
    """Of `.dstack/workflows.yaml`, and of a file of one workflow."""
    definitions = _definitions()
    several = {
        "properties": {
            "workflows": {
                "type": "array",
                "items": {"required": ["name"], **_by_provider("")},
                "minItems": 1,
                "maxItems": MOST_WORKFLOWS,
            },
            "variables": _VARIABLES,
        },
        "additionalProperties": False,
    }
    alone = {f"{name}Alone": _alone(one) for name, one in definitions.items() if _is_part(name)}
    return {
        **_DRAFT,
        "title": "Workflows",
        "type": "object",
        "if": {"required": ["workflows"]},
        "then": several,
        "else": _by_provider("Alone"),
        "$defs": {**definitions, **alone},
    }


def _definitions() -> dict[str, Any]:
    models = [(model, "validation") for model in PROVIDERS.values()]
    _, schema = models_json_schema(models, by_alias=True)
    definitions = {name: _tidied(one) for name, one in schema["$defs"].items()}
    python = definitions["PythonPart"]["properties"]
    python["python"] = python["version"]
    return definitions


def _tidied(definition: dict[str, Any]) -> dict[str, Any]:
    """Without titles that say the key again and defaults in our units; `key:` with nothing behind
    it is the same as no such line."""
    needed = definition.get("required", [])
    properties = {}
    for name, item in definition["properties"].items():
        kept = {key: value for key, value in item.items() if key not in ("title", "default")}
        about = {"description": kept.pop("description")} if "description" in kept else {}
        nothing = [] if name in needed else [{"type": "null"}]
        properties[name] = {**about, "anyOf": [kept, *nothing]}
    return {**definition, "properties": properties}


def _is_part(name: str) -> bool:
    return name in {model.__name__ for model in PROVIDERS.values()}


def _alone(definition: dict[str, Any]) -> dict[str, Any]:
    """A workflow that is the whole file may have the variables beside it."""
    return {**definition, "properties": {**definition["properties"], "variables": _VARIABLES}}


def _by_provider(suffix: str) -> dict[str, Any]:
    """One after the other, so that an editor speaks of the provider that was written."""
    chain: dict[str, Any] = {"$ref": f"#/$defs/{PROVIDERS[None].__name__}{suffix}"}
    for name, model in PROVIDERS.items():
        if name is not None:
            written = {"required": ["provider"], "properties": {"provider": {"const": name}}}
            chain = {
                "if": written,
                "then": {"$ref": f"#/$defs/{model.__name__}{suffix}"},
                "else": chain,
            }
    return {"type": "object", **chain}
