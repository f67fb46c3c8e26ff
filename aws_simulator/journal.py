"""What happened, in order, with times; and how often each operation was called."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

KEPT = 5_000


class Journal:
    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self._events: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._calls: Counter[str] = Counter()
        self._calls_by_region: Counter[str] = Counter()
        self._lock = threading.Lock()

    def note(self, event: str, subject: str, **details: Any) -> None:
        with self._lock:
            self._events.append(
                {"time": self.clock(), "event": event, "subject": subject, **details}
            )

    def call(self, operation: str, region: str) -> None:
        with self._lock:
            self._calls[operation] += 1
            self._calls_by_region[f"{region}/{operation}"] += 1

    def events(self) -> list[dict[str, Any]]:
        with self._lock:
            return list(self._events)

    def calls(self) -> dict[str, int]:
        with self._lock:
            return dict(self._calls)

    def calls_by_region(self) -> dict[str, int]:
        with self._lock:
            return dict(self._calls_by_region)
