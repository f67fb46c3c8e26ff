"""What the models found wrong, in our words and with lines."""

import difflib
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

from pydantic import BaseModel, ValidationError

from webapp.workflow_files.limits import MOST_PROBLEMS
from webapp.workflow_files.problems import Problem
from webapp.workflow_files.tree import Path, Tree, dotted

_SENTENCES = {
    "dict_type": "Expected lines of `key: value`.",
    "model_type": "Expected lines of `key: value`.",
    "list_type": "Expected a list, one `- item` a line.",
    "too_long": "Expected at most {max_length} of them, not {actual_length}.",
    "too_short": "Expected at least one.",
}
_BESIDE = "`variables` belong beside `workflows`, below the name of this one."


def explain(
    error: ValidationError, data: Any, root: Path, tree: Tree, model: type[BaseModel]
) -> Iterator[Problem]:
    """A Problem for each of its errors; `data` stands at `root` of the file."""
    items = error.errors(include_url=False, include_input=False)
    for item in islice(items, MOST_PROBLEMS):
        path = (*root, *_path((*item["loc"], *item.get("ctx", {}).get("at", ())), data))
        missing = item["type"] == "missing"
        shown = (*path, str(item["loc"][-1])) if missing else path
        yield Problem(tree.line(path), dotted(shown), _sentence(item, model), tree.file)


def _path(loc: Path, data: Any) -> Path:
    """The part of `loc` that is in the file: pydantic adds names of alternatives to it."""
    path: Path = ()
    for word in loc:
        part = _as_written(word, data)
        is_key = isinstance(data, dict) and part in data
        is_index = isinstance(data, list) and isinstance(part, int) and part < len(data)
        if is_key or is_index:
            data, path = data[part], (*path, part)
    return path


def _as_written(part: str | int, data: Any) -> str | int:
    """`gpu` may stand in the file as `v100/gpu`."""
    if part != "gpu" or not isinstance(data, dict) or "gpu" in data:
        return part
    return next((key for key in data if key.endswith("/gpu")), part)


def _sentence(item: Any, model: type[BaseModel]) -> str:
    kind, last = item["type"], str(item["loc"][-1]) if item["loc"] else ""
    if kind == "missing":
        return f"`{last}` is missing."
    if kind == "extra_forbidden":
        return _unknown_key(last, _keys(model, item["loc"][:-1]))
    sentence = _SENTENCES.get(kind, item["msg"])
    return sentence.format(**item.get("ctx", {})) if kind in _SENTENCES else sentence


def _unknown_key(key: str, known: list[str]) -> str:
    if key == "variables":
        return _BESIDE
    near = difflib.get_close_matches(key[:60], known, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(known)}."
    return f"`{key[:60]}` is not known here; {hint}"


def _keys(model: type[BaseModel], loc: Path) -> list[str]:
    """The keys that may stand at that place."""
    schema = place = _schema(model)
    for part in loc:
        below = place.get("properties", {}).get(part) or place.get("items") or place
        place = _resolved(schema, below)
    return sorted(place.get("properties", {}))


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema(by_alias=True)


def _resolved(schema: dict[str, Any], place: dict[str, Any]) -> dict[str, Any]:
    choices = [place, *place.get("oneOf", []), *place.get("anyOf", [])]
    reference = next((choice["$ref"] for choice in choices if "$ref" in choice), None)
    return schema["$defs"][reference.rsplit("/", 1)[1]] if reference else place
