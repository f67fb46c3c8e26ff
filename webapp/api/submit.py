"""Submit a run: the text of a workflow file, and which workflow of it."""

from typing import Annotated

from flask import Response, g
from pydantic import Field, StringConstraints

from webapp.access import allow
from webapp.api import api
from webapp.api.bearer import caller
from webapp.api.describing import Example, describe
from webapp.api.shapes.shape import Shape, answer
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.engine.tags import UnknownTag
from webapp.errors import Refused
from webapp.json_input import Input, json_input
from webapp.models.submission import submit_run
from webapp.models.transaction import writing
from webapp.workflow_files import UnknownWorkflow, Workflow, WorkflowErrors, read_workflows

_NO_REPOSITORY = (
    "Send the text of the workflow file as `workflow_file`: this server does not read repositories."
)


class NewRun(Shape):
    """The run that was made."""

    run_name: str = Field(examples=["cowardly-goose-1"])


class Submission(Input):
    """`runs/submit`; what the published client sends beside it is known, and refused."""

    workflow_file: Annotated[str | None, Field(description="The text of a workflow file.")] = None
    workflow_name: Annotated[str, StringConstraints(max_length=100)] | None = None
    repo_url: str | None = None
    repo_branch: str | None = None
    repo_hash: str | None = None
    repo_diff: str | None = None
    variables: dict[str, str] | None = None

    @property
    def text(self) -> str:
        """The workflow file; raises Refused (400) when there is none or something beside it."""
        fields = {"workflow_file": _NO_REPOSITORY}
        if self.workflow_file is None or self.repo_url or self.repo_diff:
            raise Refused(400, "bad_request", _NO_REPOSITORY, fields)
        return self.workflow_file


@api.post("/runs/submit")
@allow("token member")
@describe(
    takes=Submission,
    answers=NewRun,
    errors={400: "`problems` names every line of the workflow file that is wrong."},
    examples=[
        Example("a workflow file", {"workflow_file": "commands: [echo hello]\n"}),
        Example("a wrong one", {"workflow_file": "comands: [echo hello]\n"}, status=400),
    ],
)
def submit() -> Response:
    """Submit a run.

    The next query sees it; its jobs wait for runners."""
    body = json_input(Submission)
    workflow, jobs = _workflow(body)
    about = {"workflow_name": workflow.name, "variables": workflow.used(body.variables)}
    try:
        with writing():
            run_name = submit_run(caller(), g.user.id, jobs, now(), **about, source=body.text)
    except UnknownTag as error:
        fields = {"workflow_file": str(error)}
        raise Refused(400, "unknown_tag", str(error), fields) from None
    return answer(NewRun(run_name=run_name))


def _workflow(body: Submission) -> tuple[Workflow, list[JobSpec]]:
    try:
        workflow = read_workflows(body.text).pick(body.workflow_name)
        return workflow, workflow.jobs(body.variables)
    except WorkflowErrors as errors:
        problems = [problem.as_dict() for problem in errors.problems]
        given = all(problem.file is None for problem in errors.problems)
        fields = {"variables" if given else "workflow_file": str(errors)}
        raise Refused(400, "bad_workflow", str(errors), fields, problems=problems) from None
    except UnknownWorkflow as error:
        fields = {"workflow_name": str(error)}
        raise Refused(400, "bad_workflow", str(error), fields) from None
