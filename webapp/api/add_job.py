"""Add a job to a run."""

from collections.abc import Callable

from flask import Response

from webapp.access import allow
from webapp.api import api
from webapp.api.bearer import caller
from webapp.api.describing import Example, describe
from webapp.api.idempotency import HEADERS, REUSED, once
from webapp.api.job_submission import JobSubmission
from webapp.api.runs import known_run
from webapp.api.shapes.shape import Shape, answer
from webapp.api.words import NO_RUN, JobId
from webapp.clock import now
from webapp.errors import Refused
from webapp.json_input import json_input
from webapp.models.added_job import UnknownNeed, add_job
from webapp.models.run_moves import RunRefused
from webapp.workflow_files import WorkflowErrors, workflow_alone

_FIELDS = {"image": "image_name", "name": "workflow_name"}


class NewJob(Shape):
    """The job that was added."""

    job_id: JobId


@api.post("/jobs/submit")
@allow("token member")
@describe(
    takes=JobSubmission,
    headers=HEADERS,
    answers=NewJob,
    errors={**NO_RUN, **REUSED, 400: "The run is over, or has no such job to wait for."},
    examples=[
        Example(
            "after another one",
            {
                "run_name": "cowardly-goose-1",
                "workflow_name": "report",
                "previous_job_ids": ["5a1f0c3e9b72"],
                "image_name": "python:3.12",
                "commands": ["python report.py"],
                "artifacts": ["report"],
                "resources": {"cpu": {"count": 2}, "memory": "4GB"},
                "ports": None,
                "working_dir": None,
            },
        ),
        Example("to what is over", {"run_name": "wise-otter-1", "commands": ["ls"]}, status=400),
    ],
)
def submit_job() -> Response:
    """Add a job to a run that goes on.

    For a program of a run that makes jobs of its own. It gets the run's files and variables."""
    body = json_input(JobSubmission)
    try:
        return answer(NewJob(job_id=once(body.model_dump_json(), lambda: _prepared(body))))
    except RunRefused as error:
        raise Refused(400, "wrong_state", str(error)) from None
    except UnknownNeed as error:
        fields = {"previous_job_ids": str(error)}
        raise Refused(400, "bad_request", str(error), fields) from None


def _prepared(body: JobSubmission) -> Callable[[], str]:
    variables = known_run(body.run_name).variables or {}
    try:
        (spec,) = workflow_alone(body.properties(), variables).jobs({})
    except WorkflowErrors as errors:
        raise _bad_job(errors) from None
    needs = body.previous_job_ids or ()
    return lambda: add_job(caller(), known_run(body.run_name), spec, needs, now())


def _bad_job(errors: WorkflowErrors) -> Refused:
    fields = {}
    for problem in errors.problems:
        head, dot, rest = problem.where.partition(".")
        fields[_FIELDS.get(head, head) + dot + rest] = problem.sentence
    name, sentence = next(iter(fields.items()))
    return Refused(400, "bad_request", f"{name}: {sentence}", fields)
