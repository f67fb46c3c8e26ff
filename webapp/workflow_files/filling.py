"""`${{ name }}`: where a variable's value is put into a text. What is put in is not looked at
again, so a value never brings in another one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.workflow_files.limits import MOST_BYTES
from webapp.workflow_files.tree import Path, Scalar, Tree, read_again

OPENING = "${{"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}")
_PLACE = re.compile(r"\$\{\{[ \t]*(" + NAME.pattern + r")[ \t]*\}\}")
_NONSENSE = "Expected the name of one variable: ${{ name }}."
_IN_KEY = "A variable cannot be part of a key, only of what stands behind it."


@dataclass(frozen=True, slots=True)
class Missing(Exception):
    """There is no value for the variable that stands at this place."""

    name: str
    path: Path


class TooLong(Exception):
    """With its variables filled in, the workflow is longer than a file may be."""


def places(data: Any, path: Path, tree: Tree) -> dict[str, Path]:
    """Each variable that is used below `path`, and where first; nonsense becomes problems."""
    found: dict[str, Path] = {}
    if isinstance(data, dict):
        for key, item in data.items():
            if OPENING in key:
                tree.problem((*path, key), tree.line((*path, key)), _IN_KEY)
            found = places(item, (*path, key), tree) | found
    elif isinstance(data, list):
        for number, item in enumerate(data):
            found = places(item, (*path, number), tree) | found
    elif isinstance(data, Scalar) and OPENING in data.text:
        names = _PLACE.findall(data.text)
        if len(names) != data.text.count(OPENING):
            tree.problem(path, tree.line(path), _NONSENSE)
        found = dict.fromkeys(names, path)
    return found


def fill(data: Any, path: Path, values: Mapping[str, str]) -> Any:
    """A copy of `data` with values in all places; raises Missing, TooLong."""
    return _fill(data, path, values, [MOST_BYTES])


def _fill(data: Any, path: Path, values: Mapping[str, str], left: list[int]) -> Any:
    if isinstance(data, dict):
        return {key: _fill(item, (*path, key), values, left) for key, item in data.items()}
    if isinstance(data, list):
        return [_fill(item, (*path, number), values, left) for number, item in enumerate(data)]
    if not isinstance(data, Scalar) or OPENING not in data.text:
        return data

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise Missing(match[1], path)
        left[0] -= len(values[match[1]])
        if left[0] < 0:
            raise TooLong
        return values[match[1]]

    return read_again(_PLACE.sub(value, data.text))
