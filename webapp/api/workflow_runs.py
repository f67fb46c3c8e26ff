"""Runs by workflow, as the later versions of the published client list them."""

from flask import Response

from webapp.access import allow
from webapp.api import api
from webapp.api.describing import Example, describe
from webapp.api.runs import Number, runs_with_jobs
from webapp.api.shapes import WorkflowRuns, answer, workflow_shapes
from webapp.api.words import Url, Word
from webapp.extensions import db
from webapp.json_input import Query, query_input

_UNASKED = 1000


class WorkflowsQuery(Query):
    """Which runs, and which workflow of them."""

    repo_url: Url | None = None
    run_name: Word | None = None
    workflow_name: Word | None = None
    n: Number = None


@api.get("/runs/workflows/query")
@allow("token viewer")
@describe(
    query=WorkflowsQuery,
    answers=WorkflowRuns,
    examples=[
        Example("the workflows of the last ten runs", query={"n": "10"}),
        Example("one run", query={"run_name": "cowardly-goose-1"}),
    ],
)
def query_workflows() -> Response:
    """List runs by workflow.

    The newest run first, one item for each run and workflow."""
    asked = query_input(WorkflowsQuery)
    query = runs_with_jobs(asked.repo_url, asked.run_name).limit(asked.n or _UNASKED)
    shapes = [
        shape
        for run in db.session.scalars(query)
        for shape in workflow_shapes(run, asked.workflow_name)
    ]
    return answer(WorkflowRuns(runs=shapes))
