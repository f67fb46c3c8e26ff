"""A job."""

from typing import Any

from pydantic import Field

from webapp.api.shapes.requirements import Requirements, requirements
from webapp.api.shapes.shape import JobStatus, Moment, Shape, moments, ran_on, repository
from webapp.engine.states import Job as Status
from webapp.models.job import Job as Row
from webapp.models.run import Run
from webapp.models.why_waits import why_waits


class JobShape(Shape):
    """One unit of work that one runner executes."""

    user_name: str
    job_id: str = Field(examples=["5a1f0c3e9b72"])
    run_name: str
    workflow_name: str | None
    previous_job_ids: list[str] = Field(description="Jobs of this run that have to be done first.")
    repo_url: str | None
    repo_branch: str | None
    repo_hash: str | None
    repo_diff: str | None
    variables: dict[str, str]
    user_artifacts_s3_bucket: str | None
    submitted_at: Moment
    started_at: Moment
    finished_at: Moment
    updated_at: Moment
    status: JobStatus
    runner_id: str | None
    runner_name: str | None
    runner_user_name: str | None
    artifact_paths: list[str] = Field(description="`<user>/<run>/<job>/<folder>`")
    requirements: Requirements
    host_name: str | None
    ports: list[int]
    apps: list[dict[str, Any]] = Field(description="Always empty.")
    provider_name: str | None
    runs_in: str | None = Field(description="An image or a virtual environment; null: neither.")
    attempt: int = Field(description="0: no runner has tried it yet.")
    exit_code: int | None
    reason: str | None = Field(description="Why it ended as it did.")
    waiting: str | None = Field(description="Why it waits.")


class OneJob(Shape):
    """One job."""

    job: JobShape


class Jobs(Shape):
    """The jobs of a run, in order."""

    jobs: list[JobShape]


def job_shape(job: Row, run: Run) -> JobShape:
    """A job of that run."""
    return JobShape(
        user_name=run.user.name,
        job_id=job.id,
        run_name=run.name,
        workflow_name=job.workflow_name,
        previous_job_ids=job.depends_on,
        **repository(run),
        variables=run.variables or {},
        user_artifacts_s3_bucket=None,
        **moments(job),
        status=Status(job.status),
        **ran_on(job.runner),
        artifact_paths=artifact_paths(job, run),
        requirements=requirements(job),
        host_name=job.runner.hostname if job.runner else None,
        ports=job.port_numbers,
        apps=[],
        provider_name=job.provider,
        runs_in=job.runs_in,
        attempt=job.attempt,
        exit_code=job.exit_code,
        reason=job.reason,
        waiting=why_waits(job, run.jobs if job.blocked_by else ()),
    )


def artifact_paths(job: Row, run: Run) -> list[str]:
    """The published client takes three folders off before it shows a path."""
    return [f"{run.user.name}/{run.name}/{job.id}/{path}" for path in job.artifact_paths]
