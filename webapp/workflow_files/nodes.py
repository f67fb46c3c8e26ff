"""YAML text to nodes that know their lines, within limits.

The events are counted before anything is composed: composing recurses, and aliases multiply.
"""

import yaml
from yaml.nodes import Node

from webapp.workflow_files.limits import MOST_BYTES, MOST_DEPTH, MOST_NODES
from webapp.workflow_files.problems import Problem, WorkflowErrors

# The one written in C is twenty times as fast; a build of PyYAML may come without it.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def compose(text: str) -> Node | None:
    """The root node, None for an empty file; raises WorkflowErrors."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise _broken(None, "This is not text in UTF-8.") from None
    if size > MOST_BYTES:
        sentence = f"A workflow file may have {MOST_BYTES} bytes; this one has {size}."
        raise _broken(None, sentence)
    try:
        _measure(text)
        return yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise _broken(*_explained(error, text)) from None


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
            raise _broken(line, f"This is nested more than {MOST_DEPTH} deep.")
        if nodes > MOST_NODES:
            raise _broken(line, f"The file holds more than {MOST_NODES} values.")


def _explained(error: yaml.YAMLError, text: str) -> tuple[int | None, str]:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else None
    if isinstance(error, yaml.reader.ReaderError):
        position = error.position if isinstance(error.position, int) else 0
        line = text.encode()[:position].count(b"\n") + 1
        return line, "There is a character here that YAML does not allow; write it as an escape."
    words = [getattr(error, name, None) for name in ("context", "problem")]
    return line, f"This is not YAML: {', '.join(filter(None, words)) or error}."


def _broken(line: int | None, sentence: str) -> WorkflowErrors:
    return WorkflowErrors([Problem(line, "", sentence)])
