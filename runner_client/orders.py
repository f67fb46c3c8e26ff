"""What an answer of the server asks of jobs that are held."""

from __future__ import annotations

import logging
import time

from runner_client import ending
from runner_client.ending import Ending
from runner_client.job_spec import parse_key
from runner_client.roster import Roster

_log = logging.getLogger("orders")


def obey(answer: dict, roster: Roster, grace: float) -> bool:
    """Pass each order on to its job; whether one of them was new."""
    orders = answer.get("orders")
    news = False
    for order in orders if isinstance(orders, list) else []:
        key = parse_key(order)
        job = key and roster.get(key)
        wanted = _ending(order.get("order"), time.monotonic(), grace) if job else None
        if job and wanted and job.control.ask(wanted):
            _log.info("job %s: told to %s", job.key.name, order["order"])
            news = True
    return news


def _ending(word: object, now: float, grace: float) -> Ending | None:
    if word == "stop":
        return ending.stopped(now, grace)
    if word == "abort":
        return ending.aborted(now)
    return ending.dropped(now) if word == "drop" else None
