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

EVERY_SECONDS = 60
# A server that was heard so recently is there: a long poll may take 25 seconds and be repeated.
HEARD_SECONDS = 90

_log = logging.getLogger("deadman")


class Deadman:
    """`minutes` None: this machine has no such switch."""

    def __init__(self, minutes: int | None) -> None:
        self.minutes = minutes
        self._next = 0.0

    def tick(self, heard_at: float | None, has_jobs: bool) -> None:
        """Called every second or so; `heard_at`: when the server was last heard, epoch seconds."""
        if self.minutes is None or time.monotonic() < self._next:
            return
        if has_jobs or (heard_at is not None and time.time() - heard_at < HEARD_SECONDS):
            self._next = time.monotonic() + EVERY_SECONDS
            self._push()

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
