"""That a runner was heard, gathered and written together.

A poll that finds nothing to say is no reason to write: two thousand runners would take turns at the
write lock all the time. A claim or a report has other things to write. While this process runs a
scheduler, its task `write_heartbeats` writes what was gathered each second; a crash loses that
second, and after it every runner gets the whole lease anew.
"""

import threading
from typing import NamedTuple

from flask import Flask, current_app
from sqlalchemy import bindparam, update

from webapp.models.runner import Runner
from webapp.models.transaction import execute, require_writing, writing

_ROWS = Runner.__table__
_HEARD = (
    update(_ROWS)
    .where(_ROWS.c.id == bindparam("runner"), _ROWS.c.session == bindparam("life"))
    .where(_ROWS.c.last_seen_at < bindparam("moment"))
    .values(last_seen_at=bindparam("moment"))
)


class Heartbeat(NamedTuple):
    """In which life of its agent the runner was heard, and when."""

    session: str
    moment: int


class Heartbeats:
    """Thread-safe. `gathers`: somebody takes them each second; otherwise each is written at
    once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heard: dict[str, Heartbeat] = {}
        self.gathers = False

    def add(self, runner_id: str, heartbeat: Heartbeat) -> None:
        """Keep it until it is taken."""
        with self._lock:
            self._heard[runner_id] = heartbeat

    def take(self) -> dict[str, Heartbeat]:
        """All that are not written yet."""
        with self._lock:
            taken, self._heard = self._heard, {}
            return taken

    def put_back(self, taken: dict[str, Heartbeat]) -> None:
        """They could not be written; what was heard since then counts more."""
        with self._lock:
            self._heard = taken | self._heard


def listen(app: Flask) -> None:
    """Make those of this application."""
    app.extensions["heartbeats"] = Heartbeats()


def note_heartbeat(runner_id: str, session: str, now: int) -> None:
    """It was heard; to be called where no transaction is open."""
    heartbeats = current_app.extensions["heartbeats"]
    heartbeats.add(runner_id, Heartbeat(session, now))
    if not heartbeats.gathers:
        keep_heartbeats()


def hear_again(runner_id: str, session: str, now: int) -> None:
    """The same in an open write transaction, which need not be the one that keeps it."""
    heartbeats = current_app.extensions["heartbeats"]
    heartbeat = Heartbeat(session, now)
    if heartbeats.gathers:
        heartbeats.add(runner_id, heartbeat)
    else:
        _write({runner_id: heartbeat})


def keep_heartbeats() -> int:
    """Write those that were gathered; how many there were."""
    heartbeats = current_app.extensions["heartbeats"]
    heard = heartbeats.take()
    if heard:
        try:
            with writing():
                _write(heard)
        except BaseException:
            heartbeats.put_back(heard)
            raise
    return len(heard)


def _write(heard: dict[str, Heartbeat]) -> None:
    require_writing()
    rows = [
        {"runner": runner_id, "life": each.session, "moment": each.moment}
        # In one order, whichever process writes: otherwise two could wait for each other.
        for runner_id, each in sorted(heard.items())
    ]
    execute(_HEARD, rows)
