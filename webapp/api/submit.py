"""Submit a run: of a commit of a repository, or of the text of a workflow file."""

from typing import Annotated

from flask import Response
from pydantic import Field, StringConstraints

from webapp.access import allow
from webapp.api import api
from webapp.api.bearer import caller
from webapp.api.describing import Example, describe
from webapp.api.submitting import NewRun, submit_files
from webapp.api.words import Url
from webapp.engine.jobs import Code
from webapp.errors import Refused
from webapp.json_input import Input, json_input
from webapp.repositories import CodeProblem, Files, UnknownRepository, source_of

_EITHER = (
    "Send either `repo_url` with a commit of a repository, or the text of a workflow file as "
    "`workflow_file`."
)
_REPOSITORY = ("repo_url", "repo_branch", "repo_hash", "repo_diff")
# PostgreSQL keeps no NUL in a text, and git makes none in a patch.
_Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]


class Submission(Input):
    """A workflow to run: of a commit, or of a file."""

    workflow_file: Annotated[str | None, Field(description="The text of a workflow file.")] = None
    workflow_name: Annotated[str, StringConstraints(max_length=100)] | None = None
    repo_url: Annotated[Url | None, Field(description="A repository that was initialised.")] = None
    repo_branch: Annotated[
        str | None, Field(description="The default branch when there is no `repo_hash` either.")
    ] = None
    repo_hash: Annotated[
        str | None, Field(description="The commit; none: the newest one of the branch.")
    ] = None
    repo_diff: Annotated[
        _Text | None, Field(description="Local changes on top of it, as `git diff` prints them.")
    ] = None
    variables: dict[str, str] | None = None


@api.post("/runs/submit")
@allow("token member")
@describe(
    takes=Submission,
    answers=NewRun,
    errors={
        400: "`problems` names every line of the workflow file that is wrong.",
        404: "`repo not found`: the repository was not initialised here.",
    },
    examples=[
        Example("a workflow file", {"workflow_file": "commands: [echo hello]\n"}),
        Example("a wrong one", {"workflow_file": "comands: [echo hello]\n"}, status=400),
        Example(
            "a repository that is not known here",
            {"repo_url": "https://example.org/b.git", "workflow_name": "train"},
            status=404,
        ),
    ],
)
def submit() -> Response:
    """Submit a run.

    The next query sees it; its jobs wait for runners. The workflow files of a repository are those
    of the commit in `.dstack`, with the local changes on top of it."""
    body = json_input(Submission)
    files, code = _files(body)
    return submit_files(files, code, body.workflow_name, body.variables)


def _files(body: Submission) -> tuple[Files, Code]:
    """The workflow files and where the code is; raises Refused."""
    named = {name: getattr(body, name) for name in _REPOSITORY}
    if body.workflow_file is not None and not any(named.values()):
        return Files(body.workflow_file, None), Code()
    if body.workflow_file is not None or not body.repo_url:
        raise Refused(400, "bad_request", _EITHER, {"workflow_file": _EITHER})
    try:
        source = source_of(caller(), Code(**named))
    except UnknownRepository as error:
        raise Refused(404, "not_found", str(error)) from None
    except CodeProblem as error:
        raise Refused(400, "bad_code", str(error), {error.field: str(error)}) from None
    return source.files, source.code
