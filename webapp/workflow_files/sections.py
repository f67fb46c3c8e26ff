"""Where the variables stand: in a file of their own, or beside the workflows."""

import difflib
from collections.abc import Sequence
from typing import Any

from webapp.workflow_files.listing import refuse_other_keys
from webapp.workflow_files.tree import Path, Scalar, Tree
from webapp.workflow_files.variables import GLOBAL, Definitions, values_of

_AT = ("variables",)
_SHAPE = "Expected `global:` and names of workflows, with lines of `name: value` below them."
_TWICE = "There are variables in variables.yaml too: keep them in one place."


def definitions_of(trees: Sequence[Tree], workflows: Sequence[str | None]) -> Definitions:
    """The variables; what is wrong with them is added to the problems of their tree."""
    beside = isinstance(trees[0].data, dict) and "variables" in trees[0].data
    if beside and len(trees) > 1:
        trees[0].problem(_AT, trees[0].line(_AT), _TWICE)
    tree = trees[-1]
    definitions = Definitions(tree, _AT)
    for section, items in _sections(tree, own_file=len(trees) > 1).items():
        path: Path = (*_AT, section)
        if section != GLOBAL and section not in workflows:
            tree.problem(path, tree.line(path), _unknown(section, workflows))
        elif isinstance(items, dict):
            definitions.sections[section] = dict(values_of(items, path, tree))
        elif not _is_nothing(items):
            tree.problem(path, tree.line(path), _SHAPE)
    return definitions


def _sections(tree: Tree, *, own_file: bool) -> dict[str, Any]:
    if _is_nothing(tree.data):
        return {}
    path: Path = ()
    data = tree.data
    if own_file and isinstance(data, dict):
        refuse_other_keys(tree, _AT)
    if isinstance(data, dict):
        data, path = data.get("variables", {}), _AT
    elif not own_file:
        return {}
    if isinstance(data, dict):
        return data
    if not _is_nothing(data):
        tree.problem(path, tree.line(path), _SHAPE if path else "Expected `variables:`.")
    return {}


def _unknown(section: str, workflows: Sequence[str | None]) -> str:
    names = [name for name in workflows if name]
    near = difflib.get_close_matches(section[:60], [*names, GLOBAL], n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join([GLOBAL, *names])}."
    return f"There is no workflow `{section[:60]}`; {hint}"


def _is_nothing(data: Any) -> bool:
    return data is None or (isinstance(data, Scalar) and data.value is None)
