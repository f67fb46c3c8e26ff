"""What the API answers with: one shape a file. Times are epoch milliseconds, and every key is
there even when it is null, because the published client reads them all."""

from webapp.api.shapes.job import Jobs, JobShape, OneJob, job_shape
from webapp.api.shapes.limit import Limits, LimitShape, limit_shape
from webapp.api.shapes.run import Runs, RunShape, run_shape
from webapp.api.shapes.runner import Runners, RunnerShape, runner_shapes
from webapp.api.shapes.shape import answer
from webapp.api.shapes.workflow import WorkflowRuns, WorkflowShape, workflow_shapes

__all__ = [
    "JobShape",
    "Jobs",
    "LimitShape",
    "Limits",
    "OneJob",
    "RunShape",
    "RunnerShape",
    "Runners",
    "Runs",
    "WorkflowRuns",
    "WorkflowShape",
    "answer",
    "job_shape",
    "limit_shape",
    "run_shape",
    "runner_shapes",
    "workflow_shapes",
]
