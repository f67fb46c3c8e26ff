"""A JSON schema in a few words, and its fields as rows of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
_REFERENCE = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Field:
    """One row. `leads_to` names another schema that the kind is made of."""

    name: str
    kind: str
    required: bool
    says: str
    leads_to: str | None


def fields_of(schema: Schema) -> list[Field]:
    """The fields of an object."""
    required = schema.get("required", [])
    return [
        Field(name, kind_of(part), name in required, part.get("description", ""), _leads_to(part))
        for name, part in schema.get("properties", {}).items()
    ]


def kind_of(schema: Schema) -> str:
    """Such as `string or null`, `list of RunShape`."""
    if "$ref" in schema:
        return name_of(schema)
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(kind_of(part) for part in schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(f'"{word}"' for word in schema["enum"])
    if "const" in schema:
        return f'"{schema["const"]}"'
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {kind_of(schema.get('items', {}))}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"object of {kind_of(schema['additionalProperties'])}"
    return str(kind)


def name_of(schema: Schema) -> str:
    """The name at the end of a reference; empty for what is none."""
    return str(schema.get("$ref", "")).removeprefix(_REFERENCE)


def _leads_to(schema: Schema) -> str | None:
    parts = [schema, schema.get("items", {}), *schema.get("anyOf", ())]
    return next((name_of(part) for part in parts if "$ref" in part), None)
