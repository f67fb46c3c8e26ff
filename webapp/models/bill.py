"""What machines cost, from their rows: the sums themselves are engine/money.py's."""

from sqlalchemy import or_, select

from webapp.engine.money import Billed, share
from webapp.extensions import db
from webapp.models.instance import Instance
from webapp.models.job import Attempt, Job


def billed(since: int) -> list[Billed]:
    """Machines that were billed at any time after `since`."""
    ongoing = or_(Instance.terminated_at.is_(None), Instance.terminated_at > since)
    query = select(Instance).where(Instance.machine_at.is_not(None), ongoing)
    return [_billed(each) for each in db.session.scalars(query)]


def billed_runner(runner_id: str) -> Billed | None:
    """The machine of a runner; None for a self-hosted one, or before EC2 launched it."""
    mine = (Instance.runner_id == runner_id, Instance.machine_at.is_not(None))
    instance = db.session.scalar(select(Instance).where(*mine))
    return _billed(instance) if instance else None


def cost_of_run(run_id: int, now: int) -> float:
    """Dollars that the attempts of this run cost; machines without a known price cost nothing."""
    query = select(Attempt).join(Job, Job.id == Attempt.job_id).where(Job.run_id == run_id)
    mine: dict[str, list[tuple[int, int]]] = {}
    for attempt in db.session.scalars(query):
        mine.setdefault(attempt.runner_id, []).append(_span(attempt, now))
    return sum(_cost(runner_id, spans, now) for runner_id, spans in mine.items())


def _cost(runner_id: str, spans: list[tuple[int, int]], now: int) -> float:
    machine = billed_runner(runner_id)
    if machine is None:
        return 0.0
    query = select(Attempt).where(Attempt.runner_id == runner_id)
    return share(machine, [_span(each, now) for each in db.session.scalars(query)], spans)


def _span(attempt: Attempt, now: int) -> tuple[int, int]:
    return attempt.claimed_at, attempt.finished_at or now


def _billed(each: Instance) -> Billed:
    return Billed(each.price, each.machine_at or each.created_at, each.terminated_at)
