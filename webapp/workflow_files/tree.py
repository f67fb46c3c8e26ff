"""Nodes to plain data (dict, list, Scalar) and the line of everything in it."""

from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from webapp.workflow_files.limits import LONGEST_PLAIN_VALUE, MOST_DEPTH, MOST_NODES
from webapp.workflow_files.problems import WORKFLOWS, Problem, WorkflowErrors

Path = tuple[str | int, ...]

_PREFIX = "tag:yaml.org,2002:"
_TEXT = ("str", "timestamp")  # a date is the text that was written
_PLAIN = ("null", "bool", "int", "float")
_KINDS = {*_TEXT, *_PLAIN, "map", "seq"}
_MERGE = _PREFIX + "merge"
_RESOLVER = yaml.resolver.Resolver()


@dataclass(frozen=True, slots=True)
class Scalar:
    """A leaf: the value that YAML reads, and the text as it was written (`1.10`, `yes`).

    `filled`: a variable was put in. Where a text is wanted it is one then, also when YAML would
    read it as nothing.
    """

    value: Any
    text: str
    filled: bool = False


@dataclass
class Tree:
    """`data` as the file says it; `lines` by path; `problems` met on the way."""

    file: str | None = WORKFLOWS
    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    nodes: int = 0

    def problem(self, path: Path, line: int | None, sentence: str) -> None:
        """Remember what is wrong, and go on."""
        self.problems.append(Problem(line, dotted(path), sentence, self.file))

    def line(self, path: Path) -> int | None:
        """The line of what is there, or of what it is in."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)


def plant(node: Node | None, file: str = WORKFLOWS) -> Tree:
    """The tree of a file; raises WorkflowErrors only when it is too big to go on."""
    tree = Tree(file)
    if node is not None:
        tree.data = _grow(tree, node, (), 0)
    return tree


def dotted(path: Path) -> str:
    """("workflows", 0, "name") -> "workflows[0].name"."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part[:60]}" for part in path)
    return text.removeprefix(".")


def _grow(tree: Tree, node: Node, path: Path, depth: int) -> Any:
    line = node.start_mark.line + 1
    tree.lines.setdefault(path, line)
    tree.nodes += 1
    if tree.nodes > MOST_NODES or depth > MOST_DEPTH:
        sentence = "The aliases in this file make it too big, or hold themselves."
        raise WorkflowErrors([Problem(line, "", sentence, tree.file)])
    if node.tag.removeprefix(_PREFIX) not in _KINDS:
        tree.problem(path, line, f"`{node.tag[:60]}` is not understood here; write a plain value.")
        return Scalar(None, "")
    if isinstance(node, MappingNode):
        return _mapping(tree, node, path, depth)
    if isinstance(node, SequenceNode):
        items = enumerate(node.value)
        return [_grow(tree, item, (*path, number), depth + 1) for number, item in items]
    return _scalar(node)


def _mapping(tree: Tree, node: MappingNode, path: Path, depth: int) -> dict[str, Any]:
    result: dict[str, Any] = {}
    merged: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            tree.problem(path, line, "A key should be a word.")
        elif key.tag == _MERGE:
            merged |= _merged(tree, value, path, depth, line)
        elif key.value in result:
            sentence = f"`{key.value[:60]}` stands here twice; keep one of them."
            tree.problem((*path, key.value), line, sentence)
        else:
            tree.lines[(*path, key.value)] = line
            result[key.value] = _grow(tree, value, (*path, key.value), depth + 1)
    return {**merged, **result}


def _merged(tree: Tree, node: Node, path: Path, depth: int, line: int) -> dict[str, Any]:
    """What `<<: *base` or `<<: [*first, *second]` brings in; the first one wins."""
    parts = node.value if isinstance(node, SequenceNode) else [node]
    merged: dict[str, Any] = {}
    for part in parts:
        if isinstance(part, MappingNode):
            merged = {**_grow(tree, part, path, depth + 1), **merged}
        else:
            tree.problem(path, line, "`<<` takes an alias of a mapping.")
    return merged


def _scalar(node: ScalarNode) -> Scalar:
    kind = node.tag.removeprefix(_PREFIX)
    if kind in _TEXT:
        return Scalar(node.value, node.value)
    return Scalar(_plain_value(node), node.value)


def read_again(text: str) -> Scalar:
    """A text that came to be later, read as YAML reads a plain scalar: `2` becomes a number."""
    tag = _RESOLVER.resolve(ScalarNode, text, (True, False))
    plain = tag.removeprefix(_PREFIX) in _PLAIN
    value = _plain_value(ScalarNode(tag, text)) if plain else text
    return Scalar(value, text, filled=True)


def _plain_value(node: ScalarNode) -> Any:
    if len(node.value) > LONGEST_PLAIN_VALUE:
        return node.value
    try:
        return yaml.constructor.SafeConstructor().construct_document(node)
    except (ValueError, KeyError, IndexError, yaml.YAMLError):  # `!!int abc`
        return node.value
