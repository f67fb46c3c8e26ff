"""Jobs: list them, look at one."""

from flask import Response

from webapp.access import allow
from webapp.api import api
from webapp.api.describing import Example, describe
from webapp.api.runs import known_run
from webapp.api.shapes import Jobs, OneJob, answer, job_shape
from webapp.api.words import NO_JOB, NO_RUN, Url, Word
from webapp.errors import Refused
from webapp.extensions import db
from webapp.json_input import Query, query_input
from webapp.models.job import Job
from webapp.models.run import Run


class JobsQuery(Query):
    """Which run; its name is enough, a repository is read over."""

    repo_url: Url | None = None
    run_name: Word = ""


@api.get("/jobs/query")
@allow("token viewer")
@describe(
    query=JobsQuery,
    answers=Jobs,
    errors=NO_RUN,
    examples=[
        Example("all of a run", query={"run_name": "cowardly-goose-1"}),
        Example("of no run", query={"run_name": "no-such-1"}, status=404),
    ],
)
def query_jobs() -> Response:
    """List the jobs of a run."""
    run = known_run(query_input(JobsQuery).run_name)
    return answer(Jobs(jobs=[job_shape(job, run) for job in run.jobs]))


@api.get("/jobs/<job_id>")
@allow("token viewer")
@describe(answers=OneJob, errors=NO_JOB, examples=[Example("one", path={"job_id": "5a1f0c3e9b72"})])
def job(job_id: str) -> Response:
    """Look at a job."""
    found = known_job(job_id)
    return answer(OneJob(job=job_shape(found, run_of(found))))


def known_job(job_id: str) -> Job:
    """The job of that id; raises Refused (404)."""
    found = db.session.get(Job, job_id)
    if found is None:
        raise Refused(404, "not_found", "There is no such job.")
    return found


def run_of(found: Job) -> Run:
    """The run that a job belongs to."""
    return db.session.get_one(Run, found.run_id)
