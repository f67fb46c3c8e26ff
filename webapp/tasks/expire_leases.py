"""Runners that were not heard for the lease are lost, and so are the attempts on them.

While no server was there to hear them, silence proves nothing: after a restart (or a jump of the
clock) every runner first gets the whole lease to be heard again.
"""

from flask import current_app
from sqlalchemy import select

from webapp.engine.states import HEARD_RUNNER
from webapp.engine.states import Runner as Status
from webapp.extensions import db
from webapp.models.attempts import lose_attempts
from webapp.models.event import SCHEDULER
from webapp.models.heartbeats import keep_heartbeats
from webapp.models.lease import LEADER, held_for
from webapp.models.returning import return_jobs
from webapp.models.runner import Runner
from webapp.models.runner_moves import lose_runner
from webapp.models.transaction import writing


def expire_leases(now: int) -> int:
    """How many runners were marked lost."""
    lease = current_app.extensions["settings"].lease_seconds
    if held_for(LEADER, now) < lease:
        return 0
    keep_heartbeats()
    silent_since = now - int(lease * 1000)
    query = select(Runner.id).where(Runner.status.in_(HEARD_RUNNER))
    silent = db.session.scalars(query.where(Runner.last_seen_at < silent_since)).all()
    return sum(_expire(runner_id, silent_since, now, lease) for runner_id in silent)


def _expire(runner_id: str, silent_since: int, now: int, lease: float) -> bool:
    with writing():
        runner = db.session.get(Runner, runner_id, with_for_update=True)
        if runner.status not in HEARD_RUNNER or runner.last_seen_at >= silent_since:
            return False  # it spoke in between
        why = f"{runner.name} was not heard for {lease:g} s"
        interrupted = runner.status == Status.INTERRUPTED
        if not lose_runner(SCHEDULER, runner, why, now):
            return False
        if interrupted:
            return_jobs(runner_id, f"{why} after EC2 took it back", now)
        lose_attempts(SCHEDULER, runner_id, why, now)
    return True
