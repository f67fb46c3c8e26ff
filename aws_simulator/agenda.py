"""What is to happen when: one thread, one heap of moments."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)


class Entry:
    """Something planned; `cancel()` makes it not happen."""

    def __init__(self, action: Callable[[], None]) -> None:
        self.action: Callable[[], None] | None = action

    def cancel(self) -> None:
        self.action = None


class Agenda:
    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self._heap: list[tuple[float, int, Entry]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._closed = False

    def start(self) -> None:
        threading.Thread(target=self._work, name="agenda", daemon=True).start()

    def after(self, seconds: float, action: Callable[[], None]) -> Entry:
        """Do `action` in `seconds` (real seconds of the injected clock)."""
        entry = Entry(action)
        with self._changed:
            heapq.heappush(self._heap, (self.clock() + seconds, next(self._order), entry))
            self._changed.notify()
        return entry

    def clear(self) -> None:
        with self._changed:
            self._heap.clear()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _work(self) -> None:
        while (entry := self._next()) is not None:
            action = entry.action
            if action is None:
                continue
            try:
                action()
            except Exception:  # one broken appointment must not stop every later one
                log.exception("An appointment of the simulator failed")

    def _next(self) -> Entry | None:
        with self._changed:
            while not self._closed:
                if not self._heap:
                    self._changed.wait()
                    continue
                wait = self._heap[0][0] - self.clock()
                if wait <= 0:
                    return heapq.heappop(self._heap)[2]
                self._changed.wait(wait)
        return None
