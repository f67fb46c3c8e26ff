"""The heartbeat of a busy runner."""

from typing import Any

from flask import Response, jsonify

from webapp.access import allow
from webapp.agents import agents
from webapp.agents.credential import this_runner
from webapp.agents.hearing import heard_runner
from webapp.agents.orders import orders_for
from webapp.agents.schemas import Heartbeat, Interruption
from webapp.clock import now
from webapp.engine.states import Runner as Status
from webapp.json_input import json_input
from webapp.models.claiming import jobs_on
from webapp.models.runner_moves import interrupt_runner, touch_runner
from webapp.models.transaction import writing


@agents.post("/heartbeat")
@allow("runner")
def heartbeat() -> Response:
    """Note that it lives, hear of an interruption, answer with orders."""
    body = json_input(Heartbeat)
    with writing():
        runner = heard_runner()
        moment = now()
        facts = {"disk_free_mib": body.disk_free_mib, "clock_skew_ms": body.clock - moment}
        touch_runner(runner.id, moment, **facts)
        if body.interruption:
            _interrupt(runner, body.interruption, moment)
        orders = orders_for(body.holding, jobs_on(runner.id))
    drain = bool(body.interruption) or runner.status != Status.LIVE
    return jsonify(orders=orders, drain=drain, clock=moment)


def _interrupt(runner: Any, interruption: Interruption, moment: int) -> None:
    if runner.status in (Status.LIVE, Status.DRAINING):
        why = f"EC2 announced: {interruption.action}"
        interrupt_runner(this_runner(), runner, why, moment, interruption.at)
