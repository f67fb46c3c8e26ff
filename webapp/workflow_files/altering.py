"""A workflow whose properties are set by arguments, and one that is made of nothing else."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from webapp.workflow_files.arguments import of_provider, of_workflow, wrong_arguments
from webapp.workflow_files.book import Book
from webapp.workflow_files.draft import Draft, draft
from webapp.workflow_files.nodes import compose
from webapp.workflow_files.problems import VARIABLES, WorkflowErrors
from webapp.workflow_files.providers import PROVIDERS
from webapp.workflow_files.sections import definitions_of
from webapp.workflow_files.tree import Scalar, Tree, plant, read_again
from webapp.workflow_files.variables import GLOBAL, Definitions
from webapp.workflow_files.workflows import Workflow

_EACH = ("environment", "resources", "gpu")  # of these a part is set, the rest stays


def altered(workflow: Workflow, words: Sequence[str]) -> Workflow:
    """That workflow with what these arguments set; raises WorkflowErrors."""
    old = workflow.book.drafts[workflow.name]
    if not isinstance(old.data, dict):
        return workflow  # what is wrong with it is told where it is checked
    properties = _data(of_workflow(workflow.name or "run", words))
    new = _drafted(_merged(_as_mapping(old.data), properties), old)
    drafts = {**workflow.book.drafts, workflow.name: new}
    return Workflow(workflow.name, Book(drafts, workflow.book.definitions))


def provider_workflow(provider: str, words: Sequence[str], variables: str | None) -> Workflow:
    """The workflow that a provider with these arguments is, with the global variables of that
    text; raises WorkflowErrors."""
    if provider not in PROVIDERS:
        known = ", ".join(filter(None, PROVIDERS))
        raise wrong_arguments(f"There is no provider {provider[:60]}; there are {known}.")
    new = _drafted(_data(of_provider(provider, words)), Draft(None, {}, (), Tree()))
    return Workflow(None, Book({None: new}, _globals(variables)))


def _globals(text: str | None) -> Definitions:
    trees = [Tree(data={})]
    if text is not None:
        trees.append(plant(compose(text, VARIABLES), VARIABLES))
    inner = trees[-1].data.get("variables") if isinstance(trees[-1].data, dict) else None
    names = list(inner) if isinstance(inner, dict) else []
    definitions = definitions_of(trees, names)
    if trees[-1].problems:
        raise WorkflowErrors(trees[-1].problems)
    kept = {name: items for name, items in definitions.sections.items() if name == GLOBAL}
    return replace(definitions, sections=kept)


def _drafted(data: dict[str, Any], old: Draft) -> Draft:
    new = draft(data, old.path, old.tree)
    if new.is_broken and not old.is_broken:
        raise WorkflowErrors(old.tree.problems)
    return new


def _data(value: Any) -> Any:
    """Texts as YAML would read them: `2` becomes a number."""
    if isinstance(value, dict):
        return {key: _data(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_data(item) for item in value]
    return read_again(value)


def _as_mapping(data: dict[str, Any]) -> dict[str, Any]:
    """An environment of NAME=value lines, and a number of GPUs, in their long form."""
    changed = dict(data)
    lines = data.get("environment")
    if isinstance(lines, list) and all(isinstance(line, Scalar) for line in lines):
        pairs = [line.text.partition("=") for line in lines]
        changed["environment"] = {name: Scalar(value, value, True) for name, _, value in pairs}
    resources = data.get("resources")
    if isinstance(resources, dict) and isinstance(resources.get("gpu"), Scalar):
        changed["resources"] = {**resources, "gpu": {"count": resources["gpu"]}}
    return changed


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for key, item in new.items():
        there = merged.get(key)
        both = key in _EACH and isinstance(there, dict) and isinstance(item, dict)
        merged[key] = _merged(there, item) if both else item
    return merged
