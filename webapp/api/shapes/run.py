"""A run."""

from pydantic import Field

from webapp.api.shapes.shape import JobStatus, Moment, Shape, moments, ran_on, repository
from webapp.engine.states import FINISHED_JOB
from webapp.engine.states import Job as Status
from webapp.models.run import Run


class RunShape(Shape):
    """One submission of a workflow. It names a runner when all its jobs ran on one."""

    user_name: str
    run_name: str = Field(examples=["cowardly-goose-1"])
    workflow_name: str | None
    repo_url: str | None
    repo_branch: str | None
    repo_hash: str | None
    repo_diff: str | None
    variables: dict[str, str]
    submitted_at: Moment
    started_at: Moment
    finished_at: Moment
    updated_at: Moment
    status: JobStatus
    tag_name: str | None
    runner_id: str | None
    runner_name: str | None
    runner_user_name: str | None
    number_of_finished_jobs: int
    number_of_unfinished_jobs: int


class Runs(Shape):
    """Some runs."""

    runs: list[RunShape]


def run_shape(run: Run) -> RunShape:
    """The run as the API tells it."""
    runners = {job.runner for job in run.jobs if job.runner}
    finished = sum(job.status in FINISHED_JOB for job in run.jobs)
    return RunShape(
        user_name=run.user.name,
        run_name=run.name,
        workflow_name=run.workflow_name,
        **repository(run),
        variables=run.variables or {},
        **moments(run),
        status=Status(run.status),
        tag_name=run.tag_name,
        **ran_on(runners.pop() if len(runners) == 1 else None),
        number_of_finished_jobs=finished,
        number_of_unfinished_jobs=len(run.jobs) - finished,
    )
