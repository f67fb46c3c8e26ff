"""YAML text to nodes that know their lines, within limits.

The events are counted before anything is composed: composing recurses, and aliases multiply.
"""

import yaml
from yaml.nodes import Node

from webapp.workflow_files.limits import MOST_BYTES, MOST_DEPTH, MOST_NODES
from webapp.workflow_files.problems import WORKFLOWS, Problem, WorkflowErrors

# The one written in C is twenty times as fast; a build of PyYAML may come without it.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_IN_QUOTES = " Between { } or [ ] a `${{ name }}` needs quotes around it."


def compose(text: str, file: str = WORKFLOWS) -> Node | None:
    """The root node, None for an empty file; raises WorkflowErrors."""
    try:
        return _composed(text)
    except _Broken as broken:
        raise WorkflowErrors([Problem(broken.line, "", broken.sentence, file)]) from None


class _Broken(Exception):
    def __init__(self, line: int | None, sentence: str) -> None:
        super().__init__(sentence)
        self.line, self.sentence = line, sentence


def _composed(text: str) -> Node | None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise _Broken(None, "This is not text in UTF-8.") from None
    if size > MOST_BYTES:
        raise _Broken(None, f"The file may have {MOST_BYTES} bytes; it has {size}.")
    try:
        _measure(text)
        return yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise _Broken(*_explained(error, text)) from None


def _measure(text: str) -> None:
    depth = nodes = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        nodes += isinstance(event, yaml.NodeEvent)
        if depth > MOST_DEPTH:
            raise _Broken(line, f"This is nested more than {MOST_DEPTH} deep.")
        if nodes > MOST_NODES:
            raise _Broken(line, f"The file holds more than {MOST_NODES} values.")


def _explained(error: yaml.YAMLError, text: str) -> tuple[int | None, str]:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else None
    if isinstance(error, yaml.reader.ReaderError):
        position = error.position if isinstance(error.position, int) else 0
        line = text.encode()[:position].count(b"\n") + 1
        return line, "There is a character here that YAML does not allow; write it as an escape."
    words = [getattr(error, name, None) for name in ("context", "problem")]
    sentence = f"This is not YAML: {', '.join(filter(None, words)) or error}."
    hint = _IN_QUOTES if line and "${{" in "".join(text.split("\n")[line - 1 : line]) else ""
    return line, sentence + hint
