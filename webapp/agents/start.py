"""One life of an agent begins."""

from typing import Any

from flask import Response, current_app, g, jsonify

from webapp.access import allow
from webapp.agents import agents
from webapp.agents.credential import this_runner
from webapp.agents.newcomers import check_protocol
from webapp.agents.schemas import Start
from webapp.clock import now
from webapp.engine.states import HEARD_RUNNER
from webapp.engine.states import Runner as Status
from webapp.errors import Refused
from webapp.json_input import json_input
from webapp.models.attempts import lose_attempts
from webapp.models.claiming import lock_runner
from webapp.models.runner import ON_DEMAND
from webapp.models.runner_moves import runner_back, touch_runner
from webapp.models.transaction import writing

LOG_CHUNK = 1024 * 1024
METADATA_SECONDS = 5


@agents.post("/start")
@allow("runner")
def start() -> Response:
    """Take what the machine has, end what an earlier life of the agent left."""
    body = json_input(Start)
    check_protocol(body.protocol)
    with writing():
        runner = lock_runner(g.runner.id)
        moment = now()
        _refuse_clone(runner, body, moment)
        if runner.session != body.session:  # not the same call again
            lose_attempts(this_runner(), runner.id, "the agent was started anew", moment)
        touch_runner(runner.id, moment, **_facts(runner, body, moment))
        if runner.status in (Status.REQUESTED, Status.OFFLINE, Status.LOST):
            runner_back(this_runner(), runner, "", moment)
    return jsonify(_instructions(runner, moment))


def _refuse_clone(runner: Any, body: Start, moment: int) -> None:
    if runner.machine_id != body.machine_id:
        raise Refused(409, "clone", "This credential belongs to another machine.")
    lease = current_app.extensions["settings"].lease_seconds * 1000
    heard = runner.status in HEARD_RUNNER and moment - (runner.last_seen_at or 0) < lease
    if not heard or runner.session in (None, body.previous_session):
        return
    # The same call again, because its answer was lost: nobody has spoken in this session since.
    if runner.session != body.session or runner.last_seen_at != runner.started_at:
        raise Refused(409, "clone", "An agent with this credential is at work elsewhere.")


# EC2's catalogue says what a type has, and jobs were placed by that: a machine's own count is a
# little less (the kernel keeps memory for itself), so a job that fits exactly would never fit.
_BY_CATALOGUE = {"cpu_milli", "memory_mib", "gpus"}


def _facts(runner: Any, body: Start, moment: int) -> dict[str, object]:
    left_out = {"instance_id"} | (_BY_CATALOGUE if runner.kind == ON_DEMAND else set())
    facts = body.machine.model_dump(exclude=left_out)
    return {
        **facts,
        "session": body.session,
        "agent_version": body.agent_version,
        "clock_skew_ms": body.clock - moment,
        "started_at": moment,
    }


def _instructions(runner: Any, moment: int) -> dict[str, object]:
    settings = current_app.extensions["settings"]
    return {
        "clock": moment,
        "runner_name": runner.name,
        "poll_seconds": settings.poll_seconds,
        "heartbeat_seconds": settings.heartbeat_seconds,
        "stop_grace_seconds": settings.stop_grace_seconds,
        "log_maximum": settings.log_maximum,
        "log_chunk": LOG_CHUNK,
        "metadata_seconds": METADATA_SECONDS if runner.kind == ON_DEMAND else None,
    }
