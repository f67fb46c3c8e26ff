"""What all shapes share."""

from enum import StrEnum
from typing import Annotated, Any

from flask import Response
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from webapp.engine import states
from webapp.models.run import Run


def _words(kind: type[StrEnum]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(kind)})


Moment = Annotated[int | None, Field(description="Epoch milliseconds.")]
JobStatus = Annotated[states.Job, _words(states.Job)]
RunnerStatus = Annotated[states.Runner, _words(states.Runner)]


class Shape(BaseModel):
    """No field has a default: what is not known is null, never missing."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def answer(shape: Shape) -> Response:
    """The shape as the answer to a request."""
    return Response(shape.model_dump_json() + "\n", mimetype="application/json")


def moments(row: Any) -> dict[str, int | None]:
    """The four moments of a run or a job."""
    names = ("submitted_at", "started_at", "finished_at", "updated_at")
    return {name: getattr(row, name) for name in names}


def repository(run: Run) -> dict[str, str | None]:
    """Where the files of a run come from."""
    names = ("repo_url", "repo_branch", "repo_hash", "repo_diff")
    return {name: getattr(run, name) for name in names}


def ran_on(runner: Any) -> dict[str, str | None]:
    """Which runner, and whose it is; None: none."""
    owner = runner.owner.name if runner and runner.owner else None
    return {
        "runner_id": runner.id if runner else None,
        "runner_name": runner.name if runner else None,
        "runner_user_name": owner,
    }
