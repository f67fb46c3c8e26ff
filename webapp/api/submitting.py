"""From workflow files to a run, whichever way they came here."""

from collections.abc import Mapping

from flask import Response, g
from pydantic import Field

from webapp.api.bearer import caller
from webapp.api.shapes.shape import Shape, answer
from webapp.clock import now
from webapp.engine.jobs import Code, JobSpec
from webapp.engine.tags import UnknownTag
from webapp.errors import Refused
from webapp.models.submission import submit_run
from webapp.models.transaction import writing
from webapp.repositories import Files
from webapp.workflow_files import UnknownWorkflow, Workflow, WorkflowErrors, read_workflows

Variables = Mapping[str, str] | None


class NewRun(Shape):
    """The run that was made."""

    run_name: str = Field(examples=["cowardly-goose-1"])


def submit_files(files: Files, code: Code, name: str | None, variables: Variables) -> Response:
    """Submit that workflow of theirs; raises Refused (400) with everything that is wrong."""
    workflow, jobs = _workflow(files, name, variables)
    about = {"workflow_name": workflow.name, "variables": workflow.used(variables)}
    about |= {"source": files.workflows, "code": code}
    try:
        with writing():
            run_name = submit_run(caller(), g.user.id, jobs, now(), **about)
    except UnknownTag as error:
        fields = {"workflow_file": str(error)}
        raise Refused(400, "unknown_tag", str(error), fields) from None
    return answer(NewRun(run_name=run_name))


def _workflow(
    files: Files, name: str | None, variables: Variables
) -> tuple[Workflow, list[JobSpec]]:
    try:
        workflow = read_workflows(files.workflows, files.variables).pick(name)
        return workflow, workflow.jobs(variables)
    except WorkflowErrors as errors:
        problems = [problem.as_dict() for problem in errors.problems]
        given = all(problem.file is None for problem in errors.problems)
        fields = {"variables" if given else "workflow_file": str(errors)}
        raise Refused(400, "bad_workflow", str(errors), fields, problems=problems) from None
    except UnknownWorkflow as error:
        fields = {"workflow_name": str(error)}
        raise Refused(400, "bad_workflow", str(error), fields) from None
