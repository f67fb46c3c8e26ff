"""One workflow that stands in no file: its properties came as JSON."""

from collections.abc import Mapping
from typing import Any

from webapp.workflow_files.book import Book
from webapp.workflow_files.draft import draft
from webapp.workflow_files.problems import WorkflowErrors
from webapp.workflow_files.tree import Scalar, Tree
from webapp.workflow_files.variables import GLOBAL, Definitions
from webapp.workflow_files.workflows import Workflow


def workflow_alone(properties: Mapping[str, Any], variables: Mapping[str, str]) -> Workflow:
    """The workflow; what is null is as if it were not there. Its problems have no file. Raises
    WorkflowErrors."""
    tree = Tree(file=None)
    new = draft(_data(properties), (), tree)
    if tree.problems:
        raise WorkflowErrors(tree.problems)
    definitions = Definitions(Tree(file=None), (), {GLOBAL: dict(variables)})
    return Workflow(new.name, Book({new.name: new}, definitions))


def _data(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _data(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_data(item) for item in value]
    return Scalar(value, str(value), isinstance(value, str))
