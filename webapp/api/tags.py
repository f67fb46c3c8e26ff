"""Runs: tag them to keep them, prune the others."""

from typing import Annotated

from flask import Response, jsonify
from pydantic import Field

from webapp.access import allow
from webapp.api import api
from webapp.api.bearer import caller
from webapp.api.describing import Example, describe
from webapp.api.run_actions import RunNamed
from webapp.api.runs import known_run
from webapp.api.words import NO_RUN, Url, Word
from webapp.clock import now
from webapp.errors import Refused
from webapp.json_input import Input, json_input
from webapp.models.run_moves import RunRefused, prune_runs, tag_run, untag_run
from webapp.models.transaction import writing
from webapp.storage import log_store


class TagRun(RunNamed):
    """A run and its new tag."""

    tag_name: Annotated[Word | None, Field(description="By default the run's own name.")] = None


class Prune(Input):
    """Which runs."""

    repo_url: Annotated[Url | None, Field(description="Only those of this repository.")] = None


@api.post("/runs/tag")
@allow("token member")
@describe(
    takes=TagRun,
    errors={**NO_RUN, 400: "Another run has this tag, or it is no tag."},
    examples=[
        Example("with a name", {"run_name": "wise-otter-1", "tag_name": "latest"}),
        Example("with its own name", {"run_name": "wise-otter-1"}),
    ],
)
def tag() -> Response:
    """Tag a run.

    A run with a tag is kept; other workflows can depend on it as `workflow:tag`."""
    body = json_input(TagRun)
    try:
        with writing():
            tag_run(caller(), known_run(body.run_name), body.tag_name, now())
    except RunRefused as error:
        raise Refused(400, "wrong_state", str(error)) from None
    return jsonify({})


@api.post("/runs/untag")
@allow("token member")
@describe(takes=RunNamed, errors=NO_RUN, examples=[Example("let go", {"run_name": "wise-otter-1"})])
def untag() -> Response:
    """Take a run's tag away."""
    body = json_input(RunNamed)
    with writing():
        untag_run(caller(), known_run(body.run_name), now())
    return jsonify({})


@api.post("/runs/prune")
@allow("token member")
@describe(
    takes=Prune,
    examples=[
        Example("all", {}),
        Example("of a repository", {"repo_url": "https://example.org/a.git"}),
    ],
)
def prune() -> Response:
    """Delete finished runs without a tag, with all that is kept of them."""
    body = json_input(Prune)
    with writing():
        _, jobs = prune_runs(caller(), now(), body.repo_url)
    for job in jobs:
        log_store().delete(job)
    return jsonify({})
