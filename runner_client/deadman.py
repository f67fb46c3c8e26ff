"""The dead-man's switch of an on-demand machine: it powers itself off unless we push that away.

The machine was armed when it booted. Without an agent, without a server and without work nobody
pushes, and the machine ends, whatever has become of those who pay for it.
"""

from __future__ import annotations

import logging
import os
import subprocess
import time
from typing import Mapping

# It is pushed so often before it could run out.
_PUSHES = 20
# A server that was heard within so many pushes is there: a long poll may take 25 seconds.
_PUSHES_HEARD = 1.5

_log = logging.getLogger("deadman")


class Deadman:
    """`minutes` None: this machine has no such switch."""

    def __init__(self, minutes: int | None) -> None:
        self.minutes = minutes
        self._every = (minutes or 0) * 60 / _PUSHES
        self._next = 0.0

    def tick(self, heard_at: float | None, at_work: bool) -> None:
        """Called every second or so; `heard_at`: when the server was last heard, epoch seconds.
        `at_work`: something runs here that needs no server."""
        if self.is_due(time.monotonic(), time.time(), heard_at, at_work):
            self._push()

    def is_due(self, now: float, epoch: float, heard_at: float | None, at_work: bool) -> bool:
        """Whether it is to be pushed now; the next time is counted from here."""
        if self.minutes is None or now < self._next:
            return False
        heard = heard_at is not None and epoch - heard_at < self._every * _PUSHES_HEARD
        if heard or at_work:
            self._next = now + self._every
        return heard or at_work

    def _push(self) -> None:
        # Without the first the second would be a second appointment on some systems.
        for words in (["shutdown", "-c"], ["shutdown", "-h", "+%d" % self.minutes]):
            try:
                subprocess.run(
                    words,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    timeout=20,
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                _log.warning("%s failed: %s", " ".join(words), error)


def from_environment(variables: Mapping[str, str] = os.environ) -> Deadman:
    text = variables.get("DSTACK_DEADMAN_MINUTES", "")
    return Deadman(int(text) if text.isdigit() and int(text) > 0 else None)
