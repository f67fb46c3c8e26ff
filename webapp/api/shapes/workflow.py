"""One workflow of a run: what its jobs have in common."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from pydantic import Field

from webapp.api.shapes.job import artifact_paths
from webapp.api.shapes.shape import JobStatus, Moment, Shape
from webapp.engine.states import Job as Status
from webapp.engine.states import run_status
from webapp.models.job import Job
from webapp.models.run import Run
from webapp.models.why_waits import waiting_in


class AvailabilityIssue(Shape):
    """Why a job still waits."""

    job_id: str
    message: str


class WorkflowShape(Shape):
    """A run has one of these for each workflow in it."""

    run_name: str
    workflow_name: str | None
    provider_name: str | None
    status: JobStatus
    artifact_paths: list[str] = Field(description="`<user>/<run>/<job>/<folder>`")
    tag_name: str | None
    submitted_at: Moment
    updated_at: Moment
    ports: list[int]
    availability_issues: list[AvailabilityIssue]
    apps: list[dict[str, Any]] = Field(description="Always empty.")


class WorkflowRuns(Shape):
    """The newest run first; the workflows of a run stand together."""

    runs: list[WorkflowShape]


def workflow_shapes(run: Run, workflow_name: str | None = None) -> list[WorkflowShape]:
    """The workflows of a run, the one that was asked for last in time first; or one of them."""
    groups = groupby(sorted(run.jobs, key=_name), key=_name)
    together = sorted((list(jobs) for _, jobs in groups), key=lambda jobs: -jobs[-1].position)
    shapes = [_shape(run, jobs) for jobs in together]
    return [each for each in shapes if workflow_name in (None, each.workflow_name)]


def _name(job: Job) -> str:
    return job.workflow_name or ""


def _shape(run: Run, jobs: Sequence[Job]) -> WorkflowShape:
    why = waiting_in(run.jobs)
    return WorkflowShape(
        run_name=run.name,
        workflow_name=jobs[0].workflow_name,
        provider_name=jobs[0].provider,
        status=run_status(Status(job.status) for job in jobs),
        artifact_paths=[path for job in jobs for path in artifact_paths(job, run)],
        tag_name=run.tag_name,
        submitted_at=min(job.submitted_at for job in jobs),
        updated_at=max(job.updated_at for job in jobs),
        ports=[number for job in jobs for number in job.port_numbers],
        availability_issues=[
            AvailabilityIssue(job_id=job.id, message=sentence)
            for job in jobs
            if (sentence := why(job))
        ],
        apps=[],
    )
