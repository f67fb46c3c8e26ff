"""The thread that says "still here" while jobs run, and at once when the machine's end is near."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

from runner_client import machine, orders
from runner_client.caller import Caller, Over
from runner_client.channel import Interrupted, Refused
from runner_client.job import now_ms
from runner_client.roster import Roster
from runner_client.session import Session

ANSWER_SECONDS = 10


class Heartbeat:
    def __init__(self, session: Session, caller: Caller, roster: Roster, disk: Path) -> None:
        self._session, self._caller, self._roster, self._disk = session, caller, roster, disk
        self._wake = threading.Event()
        self._interruption: dict | None = None

    def run(self) -> None:
        try:
            while not self._session.is_over:
                self._round()
        except Over:
            return
        finally:
            self._caller.channel.close()

    def wake(self) -> None:
        """Work began."""
        self._wake.set()

    def hang_up(self) -> None:
        """The session is over: end the call and the wait."""
        self._caller.channel.interrupt()
        self._wake.set()

    def tell(self, action: str, at_ms: int) -> None:
        """The metadata service announced the machine's end."""
        self._interruption = {"action": action, "at": at_ms}
        self._wake.set()

    def _round(self) -> None:
        told = self._interruption
        if not self._roster.holding() and not told:
            self._wake.wait()
            self._wake.clear()
            return
        self._beat(told)
        # Only an interruption may cut the pause short; jobs that begin set the same event.
        ends = time.monotonic() + self._session.terms.heartbeat_seconds * random.uniform(0.8, 1)  # noqa: S311
        while self._interruption is told and not self._session.is_over:
            if not self._wake.wait(ends - time.monotonic()):
                return
            self._wake.clear()

    def _beat(self, told: dict | None) -> None:
        def body() -> dict:
            return {
                "holding": self._roster.holding(),
                "clock": now_ms(),
                "disk_free_mib": machine.disk_free_mib(self._disk),
                "interruption": told,
            }

        try:
            answer = self._caller.call("heartbeat", body, ANSWER_SECONDS)
        except (Refused, Interrupted):
            self._session.wait(1)
            return
        orders.obey(answer, self._roster, self._session.terms.stop_grace_seconds)
