"""Which workflows a file holds: a list of several, or a single one."""

import difflib
from typing import Any

from webapp.workflow_files.draft import Draft, draft
from webapp.workflow_files.limits import MOST_WORKFLOWS
from webapp.workflow_files.tree import Path, Tree

_EMPTY = "The file is empty; it should hold `workflows:` or one workflow with `commands:`."
_SHAPE = "Expected `workflows:` or the lines of one workflow, such as `commands:`."
_LIST = "Expected a list, one `- item` a line."
_KEYS = ("workflows", "variables")


def drafts_of(tree: Tree) -> list[Draft]:
    """The workflows in their order; what is wrong is added to the tree's problems."""
    if not isinstance(tree.data, dict):
        tree.problem((), tree.lines.get((), 1), _EMPTY if tree.data is None else _SHAPE)
        return []
    if "workflows" not in tree.data:
        alone = {key: item for key, item in tree.data.items() if key != "variables"}
        return [draft(alone, (), tree)]
    refuse_other_keys(tree, _KEYS)
    items = _items(tree)
    drafts = [draft(item, ("workflows", number), tree) for number, item in enumerate(items)]
    _refuse_without_name(drafts, tree)
    return drafts


def refuse_other_keys(tree: Tree, known: tuple[str, ...]) -> None:
    """Add a problem for each key of the file that has no meaning."""
    for key in tree.data:
        if key not in known:
            near = difflib.get_close_matches(key[:60], known, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(known)}."
            sentence = f"`{key[:60]}` is not known here; {hint}"
            tree.problem((key,), tree.line((key,)), sentence)


def _items(tree: Tree) -> list[Any]:
    items, path = tree.data["workflows"], ("workflows",)
    sentence = None
    if not isinstance(items, list):
        sentence = _LIST
    elif not items:
        sentence = "Expected at least one."
    elif len(items) > MOST_WORKFLOWS:
        sentence = f"Expected at most {MOST_WORKFLOWS} of them, not {len(items)}."
    if sentence:
        tree.problem(path, tree.line(path), sentence)
        return []
    return items


def _refuse_without_name(drafts: list[Draft], tree: Tree) -> None:
    seen: set[str] = set()
    for each in drafts:
        path: Path = (*each.path, "name")
        if each.name is None and isinstance(each.data, dict):
            tree.problem(path, tree.line(path), "`name` is missing.")
        elif each.name in seen:
            sentence = f"There is another workflow called {each.name}; names differ."
            tree.problem(path, tree.line(path), sentence)
        seen.add(each.name or "")
