"""Signals of the agent, read in its first thread instead of interrupting it."""

from __future__ import annotations

import os
import select
import signal
from types import FrameType


class Signals:
    """SIGINT and SIGTERM, and a way for other threads to wake the first one."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _noted)

    def wait(self, seconds: float) -> int:
        """How many signals came within `seconds`; returns early for one and for `wake`."""
        if not select.select([self._read], [], [], seconds)[0]:
            return 0
        return sum(byte != 0 for byte in os.read(self._read, 4096))

    def wake(self) -> None:
        os.write(self._write, b"\0")


def _noted(number: int, frame: FrameType | None) -> None:
    """The interpreter has written the number into the pipe; there is nothing more to do."""
