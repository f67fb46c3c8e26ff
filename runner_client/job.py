"""One attempt of a job that this runner holds, until the server has its last report."""

from __future__ import annotations

import threading
import time

from runner_client.control import Control
from runner_client.folders import Folder
from runner_client.job_spec import JobSpec, Key
from runner_client.mask import Mask
from runner_client.outcome import Outcome
from runner_client.spool import Spool


def now_ms() -> int:
    return int(time.time() * 1000)


class Job:
    """Its own thread runs it; the thread of the outbox sends its log and its reports."""

    def __init__(self, spec: JobSpec, folder: Folder, log_maximum: int) -> None:
        self.spec = spec
        self.folder = folder
        self.control = Control()
        self.spool = Spool(folder.spool, log_maximum)
        self.secrets: dict = {}  # variables that are nowhere but in memory
        self._mask: Mask | None = None
        self.thread: threading.Thread | None = None
        self.started_at = 0
        self.runs_in: str | None = None  # an image or a virtual environment, in words
        self.ports: list[int] = []
        # Of the outbox alone:
        self.sent = 0  # bytes of the log that the server has
        self.next_chunk_at = 0.0
        self.standstills = 0
        self.outcome: Outcome | None = None
        self.finished_at = 0

    @property
    def key(self) -> Key:
        return self.spec.key

    @property
    def is_at_work(self) -> bool:
        """Whether it gets on without the server: what is left of an ended one is its report."""
        return self.outcome is None and not self.control.waits

    def give_secrets(self, values: dict) -> None:
        """The job gets these variables; nothing that is kept or told of it shows their values."""
        self.secrets = values
        self._mask = Mask(values.values())
        self.spool.hide(self._mask)

    def clean(self, text: str) -> str:
        """A text about the job without its secrets."""
        return text if self._mask is None else self._mask.clean(text)

    def has_unsent(self) -> bool:
        return not self.spool.full and self.sent < self.spool.stored
