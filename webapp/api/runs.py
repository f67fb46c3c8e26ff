"""Runs: list them."""

from typing import Annotated

from flask import Response
from pydantic import Field
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from webapp.access import allow
from webapp.api import api
from webapp.api.describing import Example, describe
from webapp.api.shapes import Runs, answer, run_shape
from webapp.api.words import Url, Word
from webapp.engine.states import FINISHED_JOB
from webapp.errors import Refused
from webapp.extensions import db
from webapp.json_input import Query, query_input
from webapp.models.job import Job
from webapp.models.run import Run, run_named
from webapp.models.runner import Runner

Number = Annotated[int | None, Field(ge=1, le=1000, description="So many of the last ones.")]


class RunsQuery(Query):
    """Which runs."""

    repo_url: Annotated[Url | None, Field(description="Only those of this repository.")] = None
    run_name: Word | None = None
    n: Number = None


@api.get("/runs/query")
@allow("token viewer")
@describe(
    query=RunsQuery,
    answers=Runs,
    examples=[
        Example("what goes on"),
        Example("the last ten of a repository", query={"repo_url": "https://example.org/a.git"}),
        Example("one run", query={"run_name": "cowardly-goose-1"}),
    ],
)
def query_runs() -> Response:
    """List runs.

    The run of that name; the last `n`; or all unfinished ones, and if none is, the last one."""
    asked = query_input(RunsQuery)
    return answer(Runs(runs=[run_shape(run) for run in _found(asked)]))


def known_run(name: str) -> Run:
    """The run of that name; raises Refused (404)."""
    run = run_named(name)
    if run is None:
        raise Refused(404, "not_found", f"There is no run {name}.")
    return run


def runs_with_jobs(repo_url: str | None, run_name: str | None) -> Select[tuple[Run]]:
    """Runs, the newest first, each with all that its shape tells."""
    owner = selectinload(Run.jobs).joinedload(Job.runner).joinedload(Runner.owner)
    query = select(Run).options(joinedload(Run.user), owner).order_by(Run.id.desc())
    if run_name:
        query = query.where(Run.name == run_name)
    return query.where(Run.repo_url == repo_url) if repo_url else query


def _found(asked: RunsQuery) -> list[Run]:
    query = runs_with_jobs(asked.repo_url, asked.run_name)
    if asked.run_name or asked.n:
        return list(db.session.scalars(query.limit(asked.n or 1)))
    unfinished = db.session.scalars(query.where(Run.status.not_in(FINISHED_JOB)).limit(1000)).all()
    return list(unfinished) or list(db.session.scalars(query.limit(1)))
