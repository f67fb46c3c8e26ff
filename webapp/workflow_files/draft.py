"""A workflow as it stands in the file, before its variables have values."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from webapp.workflow_files.explaining import explain
from webapp.workflow_files.filling import Missing, TooLong, fill, places
from webapp.workflow_files.limits import MOST_BYTES
from webapp.workflow_files.problems import Problem, WorkflowErrors
from webapp.workflow_files.providers import PROVIDERS, ProviderPart
from webapp.workflow_files.tree import Path, Scalar, Tree, dotted


@dataclass(frozen=True)
class Draft:
    """`uses`: each variable that stands in it, and where; `is_broken`: that cannot be read."""

    name: str | None
    data: Any
    path: Path
    tree: Tree
    uses: Mapping[str, Path] = field(default_factory=dict)
    is_broken: bool = False

    def problem(self, path: Path, sentence: str) -> Problem:
        """Something wrong at this place of the file."""
        return Problem(self.tree.line(path), dotted(path), sentence, self.tree.file)

    def need(self, number: int) -> Path:
        """Where that item of `depends-on` stands; a single one may stand without a list."""
        path: Path = (*self.path, "depends-on")
        return (*path, number) if (*path, number) in self.tree.lines else path

    def written_needs(self) -> list[str]:
        """What stands behind `depends-on`, word for word."""
        items = self.data.get("depends-on") if isinstance(self.data, dict) else None
        listed = items if isinstance(items, list) else [items]
        return [item.text for item in listed if isinstance(item, Scalar)]

    def part(self, values: Mapping[str, str]) -> ProviderPart:
        """The checked workflow with these values; raises WorkflowErrors."""
        data = self._filled(values) if self.uses else self.data
        model = self._model(data)
        try:
            return model.model_validate(data)
        except ValidationError as error:
            raise WorkflowErrors(list(explain(error, data, self.path, self.tree, model))) from None

    def _filled(self, values: Mapping[str, str]) -> Any:
        try:
            return fill(self.data, self.path, values)
        except Missing as missing:
            sentence = f"There is no variable `{missing.name}`; {_instead(missing.name, values)}"
            raise WorkflowErrors([self.problem(missing.path, sentence)]) from None
        except TooLong:
            sentence = f"With its variables this comes to more than {MOST_BYTES} bytes."
            raise WorkflowErrors([self.problem(self.path, sentence)]) from None

    def _model(self, data: Any) -> type[ProviderPart]:
        if not isinstance(data, dict):
            raise WorkflowErrors([self.problem(self.path, "Expected lines of `key: value`.")])
        given = data.get("provider")
        name = given.text if isinstance(given, Scalar) and given.value is not None else None
        if name not in PROVIDERS or not isinstance(given, Scalar | None):
            known = ", ".join(filter(None, PROVIDERS))
            sentence = f"Expected a provider that is known here ({known}), or none."
            raise WorkflowErrors([self.problem((*self.path, "provider"), sentence)])
        return PROVIDERS[name]


def draft(data: Any, path: Path, tree: Tree) -> Draft:
    """The draft of one workflow; nonsense about variables is added to the tree's problems."""
    before = len(tree.problems)
    uses = places(data, path, tree)
    name = data.get("name") if isinstance(data, dict) else None
    is_text = isinstance(name, Scalar) and name.value is not None
    place = (*path, "name")
    if place in uses.values():
        sentence = "A name cannot hold a variable: the variables are found by the name."
        tree.problem(place, tree.line(place), sentence)
    return Draft(
        name.text if is_text else None, data, path, tree, uses, len(tree.problems) > before
    )


def _instead(name: str, values: Mapping[str, str]) -> str:
    near = difflib.get_close_matches(name, values, n=1)
    if near:
        return f"did you mean `{near[0]}`?"
    return "write its value in variables.yaml, or give it at submission."
