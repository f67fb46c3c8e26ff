"""What others want of a running job; its own thread looks here every tick."""

from __future__ import annotations

import threading

from runner_client import ending
from runner_client.ending import Ending


class Control:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.ending: Ending | None = None
        self.early_warning = False
        self.waits = False  # for the server, which did not answer the last time

    def ask(self, wanted: Ending) -> bool:
        """End the job so; whether that changes anything (orders are repeated)."""
        with self._lock:
            before = self.ending
            self.ending = ending.sooner(before, wanted)
            return before is None or before.outcome != self.ending.outcome

    def warn(self) -> None:
        """The machine will be interrupted: the job may want to save its work."""
        self.early_warning = True
