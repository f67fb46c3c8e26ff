"""Staying with a process until nothing of it is left to read."""

from __future__ import annotations

import signal
import time
from typing import Callable

from runner_client import ending
from runner_client.control import Control
from runner_client.process import Process

# How late an order, a timeout or a silence may be noticed.
TICK_SECONDS = 0.1
# How long children that outlive the job's first process may be silent before they are ended.
SILENCE_SECONDS = 5.0


class Following:
    """Reads all output of one process and ends it when its time has come."""

    def __init__(
        self, process: Process, control: Control, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._process, self._control, self._clock = process, control, clock
        self._quiet_since: float | None = None
        self._cut_off = False
        self._warned = False
        self.sent: int | None = None
        self.early_signal: int | None = None

    def run(self, take: Callable[[bytes], None], silent: Callable[[], None] = lambda: None) -> None:
        """Until the process ended and its output too; an error of `take` ends it at once.

        `silent` is called when nothing was printed for a tick, and again after each further one.
        """
        try:
            while self._step(take, silent):
                self._signal_when_due()
        except OSError:
            self._process.kill_everything()
            self._process.has_ended(SILENCE_SECONDS)
            raise

    def _step(self, take: Callable[[bytes], None], silent: Callable[[], None]) -> bool:
        """Whether there may be more to read."""
        data = self._process.read(TICK_SECONDS)
        if data:
            self._quiet_since = None
            take(data)
            return True
        if data is None:
            silent()
            return not (self._process.has_ended() and self._silent_too_long())
        return not self._process.has_ended(TICK_SECONDS)

    def _silent_too_long(self) -> bool:
        """The first process is gone and others still hold the pipe: end them, then give up."""
        now = self._clock()
        if self._quiet_since is None:
            self._quiet_since = now
        allowed = TICK_SECONDS if self.sent == signal.SIGKILL else SILENCE_SECONDS
        if now - self._quiet_since < allowed:
            return False
        if self._cut_off:
            return True
        self._process.kill_everything()
        self._cut_off, self._quiet_since = True, None
        return False

    def _signal_when_due(self) -> None:
        if self._control.early_warning and not self._warned:
            self._warned = True
            if self.early_signal is not None:
                self._process.signal(self.early_signal)
        number = ending.due(self._control.ending, self._clock(), self.sent)
        if number is not None:
            self.sent = number
            self._process.signal(number)
