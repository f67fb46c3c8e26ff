"""A look at the books for a runner that polls. Most find nothing to say: they only read."""

from dataclasses import dataclass
from typing import Any

from flask import g

from webapp.agents.credential import session_given
from webapp.agents.orders import missing_from, orders_for
from webapp.agents.schemas import Poll
from webapp.clock import now
from webapp.engine.resources import Have
from webapp.engine.states import Runner as Status
from webapp.extensions import db
from webapp.models.claiming import jobs_on, room_left
from webapp.models.heartbeats import note_heartbeat
from webapp.models.queue import how_many, kinds_that_fit
from webapp.models.runner import SELF_HOSTED
from webapp.wakeups import Ticket, the_wakeups

MOST_CLAIMING = 32


@dataclass
class Look:
    """What there is to say, and what the runner has left."""

    answer: dict[str, Any]
    room: Have | None

    @property
    def says_something(self) -> bool:
        """Whether the runner has to hear it now."""
        return bool(self.answer["jobs"] or self.answer["orders"])


def quiet_look(ticket: Ticket) -> Look | None:
    """None when there is something to say or to write: then look again, in a transaction.

    From the moment at which the ticket says what is left every job that is submitted rings; what
    was submitted before that, the queue shows, which is read afterwards.
    """
    body: Poll = ticket.body
    runner = g.runner  # as its credential was just looked up, in this transaction
    jobs = jobs_on(runner.id)
    if runner.status != Status.LIVE or ticket.is_over or _news(body, jobs):
        return None
    room = room_left(runner, jobs, body.slots) if body.slots else None
    ticket.self_hosted, ticket.left = runner.kind == SELF_HOSTED, room
    db.session.commit()
    waits = how_many(kinds_that_fit(room), MOST_CLAIMING) if room else 0
    db.session.commit()
    if waits and the_wakeups().may_claim(ticket, waits):
        ticket.left = None
        return None
    note_heartbeat(runner.id, session_given(), now())
    return Look({"jobs": [], "orders": [], "drain": False}, room)


def _news(body: Poll, jobs: list[Any]) -> bool:
    return bool(orders_for(body.holding, jobs) or missing_from(body.holding, jobs))
