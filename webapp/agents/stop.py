"""One life of an agent ends."""

from flask import Response, g, jsonify

from webapp.access import allow
from webapp.agents import agents
from webapp.agents.credential import this_runner
from webapp.agents.hearing import heard_runner
from webapp.agents.schemas import Stop
from webapp.clock import now
from webapp.engine.states import RUNNER_MOVES
from webapp.engine.states import Runner as Status
from webapp.json_input import json_input
from webapp.models.attempts import lose_attempts
from webapp.models.runner_moves import runner_offline
from webapp.models.transaction import writing


@agents.post("/stop")
@allow("runner")
def stop() -> Response:
    """The runner is offline until its next start."""
    body = json_input(Stop)
    if g.runner.status == Status.OFFLINE:
        return jsonify({})
    with writing():
        runner = heard_runner()
        lose_attempts(this_runner(), runner.id, "the agent was stopped", now())
        # A machine that is being ended says goodbye too, and stays on its way out.
        if (Status(runner.status), Status.OFFLINE) in RUNNER_MOVES:
            runner_offline(this_runner(), runner, body.reason, now())
    return jsonify({})
