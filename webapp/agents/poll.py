"""The long poll: new jobs and orders, as soon as there are any."""

import time
from typing import Any

from flask import Response, current_app, g, jsonify

from webapp.access import allow
from webapp.agents import agents
from webapp.agents.credential import this_runner
from webapp.agents.hearing import heard_runner
from webapp.agents.job_payload import job_payloads
from webapp.agents.looks import Look, quiet_look
from webapp.agents.orders import missing_from, orders_for
from webapp.agents.schemas import Poll
from webapp.clock import now
from webapp.engine.states import Runner as Status
from webapp.extensions import db
from webapp.json_input import json_input
from webapp.models.claiming import claim_jobs, jobs_on, room_left
from webapp.models.runner import SELF_HOSTED
from webapp.models.transaction import writing
from webapp.waits import begin, stay, waited
from webapp.wakeups import Ticket, the_wakeups


@agents.post("/poll")
@allow("runner")
def poll() -> Response:
    """Answer at once when there is something to say, otherwise when there is, or at the end."""
    ticket: Ticket | None = waited()
    if ticket is None:
        ticket = _begin()
        look = quiet_look(ticket) or _look(ticket)
        ticket.drained = look.answer["drain"]
    else:
        ticket.look()
        look = _look(ticket)
    answer = jsonify(look.answer)
    if look.says_something or look.answer["drain"] != ticket.drained:
        return answer
    db.session.remove()  # nothing of the database is held meanwhile
    ticket.left = look.room
    return stay(answer)


def _begin() -> Ticket:
    body = json_input(Poll)
    # By a clock that nobody sets: set back by an hour, ours would let it wait an hour more.
    until = time.monotonic() + current_app.extensions["settings"].poll_seconds
    ticket = the_wakeups().begin_poll(g.runner.id, until, body)
    begin(ticket)
    return ticket


def _look(ticket: Ticket) -> Look:
    look = _claim(ticket)
    the_wakeups().has_looked(ticket)
    return look


def _claim(ticket: Ticket) -> Look:
    body: Poll = ticket.body
    with writing():
        runner = heard_runner()
        jobs = jobs_on(runner.id)
        orders = orders_for(body.holding, jobs)
        news, room = missing_from(body.holding, jobs), None
        if runner.status == Status.LIVE and body.slots and not ticket.is_over:
            # What is on its way to the agent takes up slots that it does not know of yet.
            room = room_left(runner, jobs, max(0, body.slots - len(news)))
            claimed, room = claim_jobs(this_runner(), runner.id, room, now())
            news += claimed
    # Read after the commit: others wait for the write lock.
    answer = {"jobs": job_payloads(news), "orders": orders, "drain": _drains(runner)}
    ticket.self_hosted = runner.kind == SELF_HOSTED
    return Look(answer, room)


def _drains(runner: Any) -> bool:
    return runner.status not in (Status.LIVE, Status.LOST)
