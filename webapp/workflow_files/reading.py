"""The whole way from text to workflows."""

from pydantic import BaseModel, ValidationError

from webapp.workflow_files.explaining import explain
from webapp.workflow_files.limits import MOST_PROBLEMS
from webapp.workflow_files.nodes import compose
from webapp.workflow_files.problems import Problem, WorkflowErrors
from webapp.workflow_files.tree import Tree, dotted, plant
from webapp.workflow_files.workflow_part import FilePart, WorkflowPart
from webapp.workflow_files.workflows import Workflow, Workflows

_EMPTY = "The file is empty; it should hold `workflows:` or one workflow with `commands:`."
_SHAPE = "Expected `workflows:` or the lines of one workflow, such as `commands:`."


def read_workflows(text: str) -> Workflows:
    """The workflows of a file; raises WorkflowErrors with everything that is wrong in it."""
    tree = plant(compose(text))
    parts = _parts(tree)
    if tree.problems:
        raise WorkflowErrors(tree.problems[:MOST_PROBLEMS])
    return Workflows(tuple(Workflow(part.name, (part.job(),)) for part in parts))


def _parts(tree: Tree) -> list[WorkflowPart]:
    if not isinstance(tree.data, dict):
        sentence = _EMPTY if tree.data is None else _SHAPE
        tree.problems.append(Problem(tree.lines.get((), 1), "", sentence))
        return []
    several = "workflows" in tree.data
    part = _validated(FilePart if several else WorkflowPart, tree)
    if isinstance(part, FilePart):
        _refuse_twins(part, tree)
        return list(part.workflows)
    return [part] if isinstance(part, WorkflowPart) else []


def _validated(model: type[BaseModel], tree: Tree) -> BaseModel | None:
    try:
        return model.model_validate(tree.data)
    except ValidationError as error:
        tree.problems += explain(error, tree, model)
        return None


def _refuse_twins(file: FilePart, tree: Tree) -> None:
    seen: set[str] = set()
    for number, workflow in enumerate(file.workflows):
        path = ("workflows", number, "name")
        if workflow.name in seen:
            sentence = f"There is another workflow called {workflow.name}; names differ."
            tree.problems.append(Problem(tree.lines.get(path), dotted(path), sentence))
        seen.add(workflow.name)
