"""Runs: stop, resume, restart."""

from typing import Annotated

from flask import Response, jsonify
from pydantic import Field

from webapp.access import allow
from webapp.api import api
from webapp.api.bearer import caller
from webapp.api.describing import Example, describe
from webapp.api.runs import known_run
from webapp.api.words import NO_RUN, Abort, RunName
from webapp.clock import now
from webapp.errors import Refused
from webapp.json_input import Input, json_input
from webapp.models.run_moves import RunRefused, restart_run, resume_run, stop_run
from webapp.models.transaction import writing
from webapp.storage import log_store

Clear = Annotated[bool, Field(description="Drop its logs and artifacts first.")]


class RunNamed(Input):
    """A run by its name."""

    run_name: RunName


class StopRun(RunNamed):
    """A run to stop."""

    abort: Abort = None


class RestartRun(RunNamed):
    """A run to restart."""

    clear: Clear = False


@api.post("/runs/stop")
@allow("token member")
@describe(
    takes=StopRun,
    errors=NO_RUN,
    examples=[
        Example("stop", {"run_name": "cowardly-goose-1"}),
        Example("abort", {"run_name": "cowardly-goose-1", "abort": True}),
        Example("what is over", {"run_name": "wise-otter-1"}),
    ],
)
def stop() -> Response:
    """Stop a run.

    All its unfinished jobs are asked to end. A run that is over stays as it is."""
    body = json_input(StopRun)
    with writing():
        run = known_run(body.run_name)
        if not run.finished:  # stopping twice is no mistake
            stop_run(caller(), run, now(), abort=bool(body.abort))
    return jsonify({})


@api.post("/runs/resume")
@allow("token member")
@describe(
    takes=RunNamed,
    errors={**NO_RUN, 400: "`run is not stopped`; `detail` says what to do instead."},
    examples=[
        Example("go on", {"run_name": "brave-fox-1"}),
        Example("what still runs", {"run_name": "cowardly-goose-1"}, status=400),
    ],
)
def resume() -> Response:
    """Resume a run.

    What was stopped, aborted or failed waits for a runner again; what is done stays."""
    body = json_input(RunNamed)
    try:
        with writing():
            resume_run(caller(), known_run(body.run_name), now())
    except RunRefused as error:
        # The published client knows this sentence and no other.
        raise Refused(400, "wrong_state", "run is not stopped", detail=str(error)) from None
    return jsonify({})


@api.post("/runs/restart")
@allow("token member")
@describe(
    takes=RestartRun,
    errors={**NO_RUN, 400: "It is not finished."},
    examples=[Example("once more", {"run_name": "wise-otter-1", "clear": True})],
)
def restart() -> Response:
    """Restart a run.

    All its jobs wait for runners again."""
    body = json_input(RestartRun)
    clear = log_store().delete if body.clear else None
    try:
        with writing():
            restart_run(caller(), known_run(body.run_name), now(), clear)
    except RunRefused as error:
        raise Refused(400, "wrong_state", str(error)) from None
    return jsonify({})
