"""The thread that asks for jobs and orders."""

from __future__ import annotations

import threading
import time
from typing import Callable

from runner_client import orders
from runner_client.caller import Caller, Over
from runner_client.channel import Interrupted, Refused
from runner_client.roster import Roster
from runner_client.session import Session

# A full runner waits so long for a short job to end before it asks for orders alone.
FULL_SECONDS = 0.1
# Answers that come at once and say nothing new (an order that is being carried out is repeated
# until it has been) must not become a loop at full speed. A few of them are normal.
NOTHING_NEW_SECONDS = 1.0
NOTHING_NEW_TIMES = 3
# What the way there and back may add to a long poll.
SPARE_SECONDS = 15


class Poller:
    """`take` gets the list of jobs of an answer and says whether one of them was new."""

    def __init__(
        self, session: Session, caller: Caller, roster: Roster, take: Callable[[list], bool]
    ) -> None:
        self._session, self._caller, self._roster = session, caller, roster
        self._take = take
        self._lock = threading.Lock()
        self._asked: int | None = None  # slots in the poll that is under way
        self._in_vain = 0

    def run(self) -> None:
        try:
            while not self._session.is_over:
                self._round()
        except Over:
            return
        finally:
            self._caller.channel.close()

    def refresh(self) -> None:
        """Slots appeared or went: a poll that said otherwise is ended, and a new one made."""
        with self._lock:
            asked = self._asked
            if asked is None or (asked == 0) == (self._roster.free() == 0):
                return
            self._asked = None
        self._caller.channel.interrupt()

    def hang_up(self) -> None:
        self._caller.channel.interrupt()

    def _round(self) -> None:
        if self._roster.free() == 0:
            self._roster.wait_for_a_slot(FULL_SECONDS)
        began = time.monotonic()
        timeout = self._session.terms.poll_seconds + SPARE_SECONDS
        try:
            answer = self._caller.call("poll", self._question, timeout)
        except Interrupted:
            return
        except Refused:
            self._session.wait(NOTHING_NEW_SECONDS)
            return
        finally:
            self._asked = None
        news = self._act(answer)
        at_once = time.monotonic() - began < NOTHING_NEW_SECONDS
        self._in_vain = self._in_vain + 1 if at_once and not news else 0
        if self._in_vain > NOTHING_NEW_TIMES:
            self._session.wait(NOTHING_NEW_SECONDS)

    def _question(self) -> dict:
        with self._lock:
            self._asked = self._roster.free()
            return {"holding": self._roster.holding(), "slots": self._asked}

    def _act(self, answer: dict) -> bool:
        jobs = answer.get("jobs")
        news = self._take(jobs) if isinstance(jobs, list) and jobs else False
        return orders.obey(answer, self._roster, self._session.terms.stop_grace_seconds) or news
