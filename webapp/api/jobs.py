"""Jobs: list them, look at one, stop, resume."""

from typing import Annotated

from flask import Response, jsonify, request
from pydantic import StringConstraints

from webapp.access import allow
from webapp.api import api
from webapp.api.bearer import caller
from webapp.api.runs import known_run
from webapp.api.shapes import job_shape
from webapp.clock import now
from webapp.errors import Refused
from webapp.extensions import db
from webapp.json_input import Input, json_input
from webapp.models.job import Job
from webapp.models.job_moves import stop_job
from webapp.models.one_job import JobRefused, resume_job
from webapp.models.run import Run
from webapp.models.transaction import writing

Word = Annotated[str, StringConstraints(max_length=200)]


class Named(Input):
    """A job by its id. Anything may come here: the client tries what its user typed."""

    job_id: Word


class Stop(Named):
    """`jobs/stop`"""

    abort: bool | None = None


@api.get("/jobs/query")
@allow("token viewer")
def query_jobs() -> Response:
    """The jobs of a run, in order."""
    run = known_run(request.args.get("run_name", ""))
    return jsonify(jobs=[job_shape(job, run) for job in run.jobs])


@api.get("/jobs/<job_id>")
@allow("token viewer")
def job(job_id: str) -> Response:
    """One job."""
    found = known_job(job_id)
    return jsonify(job=job_shape(found, _run_of(found)))


@api.post("/jobs/stop")
@allow("token member")
def stop_one() -> Response:
    """Ask for the end of one job."""
    body = json_input(Stop)
    with writing():
        stop_job(caller(), known_job(body.job_id), now(), abort=bool(body.abort))
    return jsonify({})


@api.post("/jobs/resume")
@allow("token member")
def resume_one() -> Response:
    """Queue a stopped job again."""
    body = json_input(Named)
    with writing():
        found = known_job(body.job_id)
        try:
            resume_job(caller(), found, now())
        except JobRefused as refused:
            raise Refused(400, "wrong_state", str(refused)) from None
    return jsonify({})


def known_job(job_id: str) -> Job:
    """The job of that id; raises Refused (404)."""
    found = db.session.get(Job, job_id)
    if found is None:
        raise Refused(404, "not_found", "There is no such job.")
    return found


def _run_of(found: Job) -> Run:
    return db.session.get_one(Run, found.run_id)
