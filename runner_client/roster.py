"""The jobs that this runner holds, and how many more it takes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Callable

from runner_client.job import Job
from runner_client.job_spec import Key

# An answer may repeat a job that was finished a moment ago: it was on its way already.
REMEMBERED = 2000
# Without --max-jobs the server decides by what fits; this only bounds our threads.
MOST_JOBS = 256


class Roster:
    """Shared by all threads. A job is held until the server has its last report."""

    def __init__(self, most: int | None, once: bool = False) -> None:
        self._most = 1 if once else min(most or MOST_JOBS, MOST_JOBS)
        self._once = once
        self._changed = threading.Condition()
        self._held: dict[Key, Job] = {}
        self._done: OrderedDict[Key, dict] = OrderedDict()
        self._closed = False
        self.on_change: Callable[[], None] = lambda: None

    def add(self, key: Key, make: Callable[[], Job]) -> Job | None:
        """The new job; None when this attempt is or was here already."""
        with self._changed:
            if key in self._held or key in self._done:
                return None
            job = self._held[key] = make()
            self._closed = self._closed or self._once
        return job

    def release(self, key: Key, last: dict | None = None) -> None:
        """The server needs nothing more of this attempt; `last` is the report that it took."""
        with self._changed:
            self._held.pop(key, None)
            self._done[key] = last or {}
            while len(self._done) > REMEMBERED:
                self._done.popitem(last=False)
            self._changed.notify_all()
        self.on_change()

    def last_word(self, key: Key) -> dict | None:
        """What the server was told last of an attempt that has ended here, {} when it wanted to
        hear nothing; None when it has not ended here, or too long ago."""
        with self._changed:
            return self._done.get(key)

    def close(self) -> None:
        """Take no more jobs."""
        with self._changed:
            self._closed = True
        self.on_change()

    @property
    def is_closed(self) -> bool:
        return self._closed

    def get(self, key: Key) -> Job | None:
        with self._changed:
            return self._held.get(key)

    def jobs(self) -> list[Job]:
        with self._changed:
            return list(self._held.values())

    def holding(self) -> list[dict]:
        with self._changed:
            return [key.as_json() for key in self._held]

    def count(self) -> int:
        return len(self._held)

    def free(self) -> int:
        with self._changed:
            return self._free()

    def wait_for_a_slot(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._free() > 0 or self._closed, seconds)

    def _free(self) -> int:
        return 0 if self._closed else max(0, self._most - len(self._held))
