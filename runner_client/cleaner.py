"""The thread that tidies up after jobs, off the path of the next one."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Callable

from runner_client import folders, stragglers

# One look at all processes serves the jobs that ended meanwhile.
GATHER_SECONDS = 0.2

_log = logging.getLogger("cleaner")


class Cleaner:
    """`busy(name)` says whether a folder belongs to a job that runs right now."""

    def __init__(self, jobs: Path, busy: Callable[[str], bool]) -> None:
        self._jobs, self._busy = jobs, busy
        self._changed = threading.Condition()
        self._waiting: list[Path] = []
        self._closing = threading.Event()

    def add(self, folder: Path) -> None:
        with self._changed:
            self._waiting.append(folder)
            self._changed.notify()

    def close(self) -> None:
        """Finish what waits, then end `run`."""
        self._closing.set()
        with self._changed:
            self._changed.notify()

    def run(self) -> None:
        while not (self._closing.is_set() and not self._waiting):
            with self._changed:
                if not self._waiting:
                    self._changed.wait()
                    continue
            self._closing.wait(GATHER_SECONDS)
            self._clean()

    def _clean(self) -> None:
        with self._changed:
            ended, self._waiting = self._waiting, []
        stragglers.kill_below(self._jobs, spare=self._belongs_to_running_job)
        for path in ended:
            if not folders.remove(path):
                _log.warning("%s cannot be removed; its files belong to somebody else", path)

    def _belongs_to_running_job(self, place: str) -> bool:
        return self._busy(Path(place).relative_to(self._jobs).parts[0])
