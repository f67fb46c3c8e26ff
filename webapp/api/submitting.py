"""From workflow files to a run, whichever way they came here."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask import Response, g
from pydantic import Field

from webapp.api.bearer import caller
from webapp.api.idempotency import once
from webapp.api.shapes.shape import Shape, answer
from webapp.clock import now
from webapp.engine.jobs import Code
from webapp.engine.tags import UnknownTag
from webapp.engine.workflow_places import Files
from webapp.errors import Refused
from webapp.models.submission import submit_run
from webapp.workflow_files import (
    UnknownWorkflow,
    Workflow,
    WorkflowErrors,
    altered,
    provider_workflow,
    read_workflows,
)


class NewRun(Shape):
    """The run that was made."""

    run_name: str = Field(examples=["cowardly-goose-1"])


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to run of the files: the workflow `name`, or a `provider` by itself; `args` set some of
    its properties."""

    name: str | None
    variables: Mapping[str, str] | None
    provider: str | None = None
    args: Sequence[str] = ()

    @property
    def by_itself(self) -> bool:
        """Whether it is a provider, and no workflow of the files."""
        return self.name is None and self.provider is not None

    def workflow(self, files: Files) -> Workflow:
        """Raises WorkflowErrors, UnknownWorkflow."""
        if self.name is None and self.provider is not None:
            return provider_workflow(self.provider, self.args, files.variables)
        workflow = read_workflows(files.workflows, files.variables).pick(self.name)
        return altered(workflow, self.args) if self.args else workflow

    def source(self, files: Files) -> str:
        """What to keep of where it came from."""
        return json.dumps([self.provider, *self.args]) if self.by_itself else files.workflows


def submit_files(
    asked: str, files_of: Callable[[], tuple[Files, Code]], wanted: Wanted
) -> Response:
    """Submit that, unless the same was `asked` under the same key before; raises Refused (400) with
    everything that is wrong."""
    try:
        return answer(NewRun(run_name=once(asked, lambda: _prepared(*files_of(), wanted))))
    except UnknownTag as error:
        fields = {"workflow_file": str(error)}
        raise Refused(400, "unknown_tag", str(error), fields) from None


def _prepared(files: Files, code: Code, wanted: Wanted) -> Callable[[], str]:
    try:
        workflow = wanted.workflow(files)
        jobs = workflow.jobs(wanted.variables)
    except WorkflowErrors as errors:
        raise _bad_workflow(errors) from None
    except UnknownWorkflow as error:
        fields = {"workflow_name": str(error)}
        raise Refused(400, "bad_workflow", str(error), fields) from None
    about = {"workflow_name": workflow.name, "variables": workflow.used(wanted.variables)}
    about |= {"source": wanted.source(files), "code": code}
    return partial(submit_run, caller(), g.user.id, jobs, now(), **about)


def _bad_workflow(errors: WorkflowErrors) -> Refused:
    problems = [problem.as_dict() for problem in errors.problems]
    # Without a file it is about what was sent beside it: its first word names the field.
    given = {problem.where.partition(".")[0] for problem in errors.problems if not problem.file}
    field = given.pop() if len(given) == 1 else "workflow_file"
    return Refused(400, "bad_workflow", str(errors), {field: str(errors)}, problems=problems)
