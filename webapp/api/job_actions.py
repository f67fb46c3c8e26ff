"""Jobs: stop, resume, restart one by itself."""

from flask import Response, jsonify

from webapp.access import allow
from webapp.api import api
from webapp.api.bearer import caller
from webapp.api.describing import Example, describe
from webapp.api.jobs import known_job
from webapp.api.run_actions import Clear
from webapp.api.words import NO_JOB, Abort, JobId
from webapp.clock import now
from webapp.errors import Refused
from webapp.json_input import Input, json_input
from webapp.models.job_moves import stop_job
from webapp.models.one_job import JobRefused, restart_job, resume_job
from webapp.models.transaction import writing
from webapp.storage import log_store


class JobNamed(Input):
    """A job by its id."""

    job_id: JobId


class StopJob(JobNamed):
    """A job to stop."""

    abort: Abort = None


class RestartJob(JobNamed):
    """A job to restart."""

    clear: Clear = False


@api.post("/jobs/stop")
@allow("token member")
@describe(
    takes=StopJob,
    errors=NO_JOB,
    examples=[
        Example("stop", {"job_id": "5a1f0c3e9b72"}),
        Example("a run's name is no job", {"job_id": "cowardly-goose-1"}, status=404),
    ],
)
def stop_one() -> Response:
    """Stop a job.

    One that is over stays as it is."""
    body = json_input(StopJob)
    with writing():
        stop_job(caller(), known_job(body.job_id), now(), abort=bool(body.abort))
    return jsonify({})


@api.post("/jobs/resume")
@allow("token member")
@describe(
    takes=JobNamed,
    errors={**NO_JOB, 400: "`job is not stopped`, or `other jobs depend on it`: resume the run."},
    examples=[
        Example("go on", {"job_id": "c40d7e21a8f3"}),
        Example("what still runs", {"job_id": "5a1f0c3e9b72"}, status=400),
    ],
)
def resume_one() -> Response:
    """Resume a job.

    It waits for a runner again."""
    body = json_input(JobNamed)
    try:
        with writing():
            resume_job(caller(), known_job(body.job_id), now())
    except JobRefused as refused:
        raise Refused(400, "wrong_state", str(refused)) from None
    return jsonify({})


@api.post("/jobs/restart")
@allow("token member")
@describe(
    takes=RestartJob,
    errors={**NO_JOB, 400: "It is not finished, or `other jobs depend on it`: restart the run."},
    examples=[Example("once more", {"job_id": "c40d7e21a8f3", "clear": True})],
)
def restart_one() -> Response:
    """Restart a job, whether it is done or not successful."""
    body = json_input(RestartJob)
    clear = log_store().delete if body.clear else None
    try:
        with writing():
            restart_job(caller(), known_job(body.job_id), now(), clear)
    except JobRefused as refused:
        raise Refused(400, "wrong_state", str(refused)) from None
    return jsonify({})
