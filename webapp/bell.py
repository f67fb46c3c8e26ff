"""A bell that a thread waits for, or that calls somebody."""

import threading
from collections.abc import Callable


class Bell(threading.Event):
    """Thread-safe; whoever is to be called is called once, by whoever rings."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._call: Callable[[], None] | None = None

    def set(self) -> None:
        """Ring."""
        super().set()
        self._ring()

    def call(self, call: Callable[[], None]) -> None:
        """Do this when it rings; at once when it has."""
        with self._lock:
            self._call = call
        if self.is_set():
            self._ring()

    def hush(self) -> bool:
        """Call nobody any more; whether somebody was still to be called."""
        return self._take() is not None

    def _ring(self) -> None:
        call = self._take()
        if call:
            call()

    def _take(self) -> Callable[[], None] | None:
        with self._lock:
            call, self._call = self._call, None
        return call
