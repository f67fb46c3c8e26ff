"""What a runner is told about the attempts it holds."""

from collections.abc import Sequence
from typing import Any

from webapp.agents.schemas import Held
from webapp.engine.states import Job as Status

_ORDER = {Status.STOPPING: "stop", Status.ABORTING: "abort"}


def orders_for(holding: Sequence[Held], jobs: Sequence[Any]) -> list[dict[str, object]]:
    """`jobs` are rows of those that are the runner's by our books; the rest is to be dropped."""
    ours = {(job.id, job.attempt): job.status for job in jobs}
    orders = []
    for held in holding:
        status = ours.get((held.job, held.attempt))
        word = "drop" if status is None else _ORDER.get(status)
        if word:
            orders.append({"job": held.job, "attempt": held.attempt, "order": word})
    return orders


def missing_from(holding: Sequence[Held], jobs: Sequence[Any]) -> list[Any]:
    """Jobs that are the runner's but whose news never reached it."""
    held = {(item.job, item.attempt) for item in holding}
    return [job for job in jobs if (job.id, job.attempt) not in held]
