"""Submit a run: of a commit of a repository, or of the text of a workflow file."""

from typing import Annotated

from flask import Response
from pydantic import Field, StringConstraints

from webapp.access import allow
from webapp.api import api
from webapp.api.bearer import caller
from webapp.api.describing import Example, describe
from webapp.api.idempotency import HEADERS, REUSED
from webapp.api.submitting import NewRun, Wanted, submit_files
from webapp.api.words import Url, Word
from webapp.engine.jobs import Code
from webapp.engine.workflow_places import Files
from webapp.errors import Refused
from webapp.json_input import Input, json_input
from webapp.repositories import CodeProblem, UnknownRepository, source_of

_EITHER = (
    "Send either `repo_url` with a commit of a repository, or the text of a workflow file as "
    "`workflow_file`."
)
_ELSEWHERE = (
    "Providers of other repositories do not run here: there are bash, curl, docker, python."
)
_REPOSITORY = ("repo_url", "repo_branch", "repo_hash", "repo_diff")
# PostgreSQL keeps no NUL in a text, and git makes none in a patch.
_Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
_Argument = Annotated[_Text, StringConstraints(max_length=10_000)]


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
    provider_name: Annotated[
        Word | None,
        Field(description="Without a workflow: run this provider; it takes `provider_args`."),
    ] = None
    provider_repo: Annotated[
        Word | None,
        Field(description="Only null: providers of other repositories do not run here."),
    ] = None
    provider_branch: Annotated[
        Word | None, Field(description="Only null, for the same reason.")
    ] = None
    provider_args: Annotated[
        list[_Argument] | None,
        Field(max_length=1000, description="Options as the client's `run` takes them."),
    ] = None


@api.post("/runs/submit")
@allow("token member")
@describe(
    takes=Submission,
    answers=NewRun,
    headers=HEADERS,
    errors={
        **REUSED,
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
        Example(
            "once, however often it is sent",
            {"workflow_file": "commands: [echo hello]\n"},
            headers={"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"},
        ),
    ],
)
def submit() -> Response:
    """Submit a run.

    The next query sees it; its jobs wait for runners. The workflow files of a repository are those
    of the commit in `.dstack`, with the local changes on top of it."""
    body = json_input(Submission)
    if body.provider_repo or body.provider_branch:
        raise Refused(400, "bad_request", _ELSEWHERE, {"provider_repo": _ELSEWHERE})
    args = body.provider_args or ()
    wanted = Wanted(body.workflow_name, body.variables, body.provider_name, args)
    return submit_files(body.model_dump_json(), lambda: _files(body, wanted), wanted)


def _files(body: Submission, wanted: Wanted) -> tuple[Files, Code]:
    """The workflow files and where the code is; raises Refused."""
    named = {name: getattr(body, name) for name in _REPOSITORY}
    if body.workflow_file is not None and not any(named.values()):
        return Files(body.workflow_file, None), Code()
    if body.workflow_file is not None or not (body.repo_url or wanted.by_itself):
        raise Refused(400, "bad_request", _EITHER, {"workflow_file": _EITHER})
    if not body.repo_url:
        return Files("", None), Code()
    try:
        source = source_of(caller(), Code(**named), optional=wanted.by_itself)
    except UnknownRepository as error:
        raise Refused(404, "not_found", str(error)) from None
    except CodeProblem as error:
        raise Refused(400, "bad_code", str(error), {error.field: str(error)}) from None
    return source.files, source.code
