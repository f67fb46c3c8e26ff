"""Runs: list them, stop, resume, restart, tag, prune."""

from typing import Annotated

from flask import Response, jsonify, request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from webapp.access import allow
from webapp.api import api
from webapp.api.bearer import caller
from webapp.api.shapes import run_shape
from webapp.clock import now
from webapp.engine.states import FINISHED_JOB
from webapp.errors import Refused, bad_content
from webapp.extensions import db
from webapp.json_input import Input, json_input
from webapp.models.job import Job
from webapp.models.run import Run, run_named
from webapp.models.run_moves import (
    RunRefused,
    prune_runs,
    restart_run,
    resume_run,
    stop_run,
    tag_run,
    untag_run,
)
from webapp.models.runner import Runner
from webapp.models.transaction import writing
from webapp.storage import log_store

Word = Annotated[str, StringConstraints(max_length=200)]


class Query(BaseModel):
    """`runs/query`; a repository is accepted and finds nothing out: all runs are shown."""

    model_config = ConfigDict(extra="ignore")
    run_name: Word | None = None
    n: Annotated[int, Field(ge=1, le=1000)] | None = None


class Named(Input):
    """A run by its name."""

    run_name: Word


class Stop(Named):
    """`runs/stop`"""

    abort: bool | None = None


class Restart(Named):
    """`runs/restart`; `clear` drops its logs first."""

    clear: bool = False


class Tag(Named):
    """`runs/tag`; no name: the run's own."""

    tag_name: Word | None = None


class Prune(Input):
    """`runs/prune`"""

    repo_url: Word | None = None


@api.get("/runs/query")
@allow("token viewer")
def query_runs() -> Response:
    """The run of that name; the last n; or all unfinished ones (or the last, if none is)."""
    try:
        asked = Query.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise bad_content(error) from None
    return jsonify(runs=[run_shape(run) for run in _found(asked)])


@api.post("/runs/stop")
@allow("token member")
def stop() -> Response:
    """Ask for the end of all its unfinished jobs."""
    body = json_input(Stop)
    with writing():
        run = known_run(body.run_name)
        if not run.finished:  # stopping twice is no mistake
            stop_run(caller(), run, now(), abort=bool(body.abort))
    return jsonify({})


@api.post("/runs/resume")
@allow("token member")
def resume() -> Response:
    """Queue again what was stopped, aborted or failed."""
    body = json_input(Named)
    with writing():
        _refused(lambda run: resume_run(caller(), run, now()), body.run_name)
    return jsonify({})


@api.post("/runs/restart")
@allow("token member")
def restart() -> Response:
    """Queue all its jobs again."""
    body = json_input(Restart)
    clear = log_store().delete if body.clear else None
    with writing():
        _refused(lambda run: restart_run(caller(), run, now(), clear), body.run_name)
    return jsonify({})


@api.post("/runs/tag")
@allow("token member")
def tag() -> Response:
    """Give it a tag."""
    body = json_input(Tag)
    with writing():
        _refused(lambda run: tag_run(caller(), run, body.tag_name, now()), body.run_name)
    return jsonify({})


@api.post("/runs/untag")
@allow("token member")
def untag() -> Response:
    """Take its tag away."""
    body = json_input(Named)
    with writing():
        untag_run(caller(), known_run(body.run_name), now())
    return jsonify({})


@api.post("/runs/prune")
@allow("token member")
def prune() -> Response:
    """Delete finished runs without a tag, and their logs."""
    json_input(Prune)
    with writing():
        _, jobs = prune_runs(caller(), now())
    for job in jobs:
        log_store().delete(job)
    return jsonify({})


def known_run(name: str) -> Run:
    """The run of that name; raises Refused (404)."""
    run = run_named(name)
    if run is None:
        raise Refused(404, "not_found", f"There is no run {name}.")
    return run


def _refused(verb, name: str) -> None:
    run = known_run(name)
    try:
        verb(run)
    except RunRefused as error:
        raise Refused(400, "wrong_state", str(error)) from None


def _found(asked: Query) -> list[Run]:
    owner = selectinload(Run.jobs).joinedload(Job.runner).joinedload(Runner.owner)
    query = select(Run).options(joinedload(Run.user), owner).order_by(Run.id.desc())
    if asked.run_name:
        query = query.where(Run.name == asked.run_name)
    if asked.run_name or asked.n:
        return list(db.session.scalars(query.limit(asked.n or 1)))
    unfinished = db.session.scalars(query.where(Run.status.not_in(FINISHED_JOB)).limit(1000)).all()
    return list(unfinished) or list(db.session.scalars(query.limit(1)))
