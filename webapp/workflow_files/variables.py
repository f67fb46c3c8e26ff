"""`variables:`: values for all workflows (`global`) and for each of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from webapp.engine.variables import RELIED_ON, in_environment
from webapp.workflow_files.filling import NAME, OPENING
from webapp.workflow_files.limits import LONGEST_VALUE, MOST_VARIABLES
from webapp.workflow_files.problems import Problem
from webapp.workflow_files.tree import Path, Scalar, Tree, dotted

GLOBAL = "global"
_NAME = (
    "A variable's name has letters, digits, `_`, `-` and `.`, begins with a letter or `_`, and has "
    "at most 100 of them."
)


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a workflow. `value` None: it has to be given at submission. `source`: `global`
    or the workflow that gives the value; None when it is only used."""

    name: str
    value: str | None
    source: str | None


@dataclass
class Definitions:
    """What the file says: section -> name -> value, None for none; `path` leads to the sections."""

    tree: Tree
    path: Path
    sections: dict[str, dict[str, str | None]] = field(default_factory=dict)

    def of(self, workflow: str | None) -> dict[str, Variable]:
        """The variables of that workflow by name; its own count more than the global ones."""
        found: dict[str, Variable] = {}
        for section in (GLOBAL, workflow):
            items = self.sections.get(section, {}) if section else {}
            found |= {name: Variable(name, value, section) for name, value in items.items()}
        return found

    def problem(self, variable: Variable, sentence: str) -> Problem:
        """Something wrong with it where it got its value."""
        path: Path = (*self.path, variable.source or GLOBAL, variable.name)
        return Problem(self.tree.line(path), dotted(path), sentence, self.tree.file)


def wrong_with(name: str, value: str) -> str | None:
    """The sentence that says what is wrong with a variable, None when nothing is."""
    if not NAME.fullmatch(name):
        return _NAME
    if in_environment(name) in RELIED_ON:
        return (
            f"This would become {in_environment(name)} in the environment, on which every program "
            "of the job relies. Call it something else."
        )
    if "\0" in value:
        return "A NUL character cannot be passed to a process."
    if OPENING in value:
        return "A value is taken as it is: it cannot bring in another variable by `${{`."
    return _wrong_size(value)


def _wrong_size(value: str) -> str | None:
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        return "This is not text in UTF-8."
    if size > LONGEST_VALUE:
        return f"A value may have {LONGEST_VALUE} bytes; this one has {size}."
    return None


def wrong_given(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(where, sentence) for each variable given at submission that cannot be used."""
    if len(given) > MOST_VARIABLES:
        yield "variables", f"Expected at most {MOST_VARIABLES} variables, not {len(given)}."
        return
    for name, value in given.items():
        sentence = wrong_with(name, value)
        if sentence:
            yield f"variables.{_shown(name)}", sentence


def _shown(name: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in name[:60])


def values_of(items: dict[str, Any], path: Path, tree: Tree) -> Iterator[tuple[str, str | None]]:
    """The variables of a section; what is wrong is added to the tree's problems."""
    if len(items) > MOST_VARIABLES:
        sentence = f"Expected at most {MOST_VARIABLES} variables, not {len(items)}."
        tree.problem(path, tree.line(path), sentence)
        return
    for name, item in items.items():
        place = (*path, name)
        if not isinstance(item, Scalar):
            sentence = "Expected a value: a text, a number, true or false."
        else:
            sentence = wrong_with(name, item.text) or ""
            yield name, None if item.value is None else item.text
        if sentence:
            tree.problem(place, tree.line(place), sentence)
