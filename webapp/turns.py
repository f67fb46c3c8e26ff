"""When a task that is wanted at once may begin: no more often than needed, and never forgotten."""

import threading
import time

AT_MOST_EVERY = 0.2  # seconds; a burst of submissions is one look, not hundreds
# And with a long queue, where a look takes long, no more of the time than this.
SHARE_OF_TIME = 0.05


class Turns:
    """Thread-safe; times are seconds of a clock that nobody sets."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begins_at: dict[str, float] = {}  # the last time, or the next one
        self._took: dict[str, float] = {}
        self._running: set[str] = set()
        self._again: set[str] = set()

    def want(self, name: str) -> float | None:
        """After how many seconds to begin it; None when that is seen to already."""
        moment = time.monotonic()
        with self._lock:
            if name in self._running:
                self._again.add(name)  # this run may have looked before there was something new
                return None
            if moment < self._begins_at.get(name, 0):
                return None
            at = self._begins_at[name] = self._next(name, moment)
            return at - moment

    def begin(self, name: str) -> None:
        """It runs now."""
        with self._lock:
            self._running.add(name)
            self._begins_at[name] = time.monotonic()
            self._again.discard(name)

    def end(self, name: str, most: float) -> float | None:
        """It has run. The seconds, less than `most`, after which it has to run once more because it
        was wanted meanwhile; None when it has not, or runs by itself before that."""
        moment = time.monotonic()
        with self._lock:
            self._took[name] = moment - self._begins_at[name]
            pause = self._next(name, moment) - moment
            if name in self._again and pause < most:
                return pause
            self._running.discard(name)
            return None

    def _next(self, name: str, moment: float) -> float:
        pause = max(AT_MOST_EVERY, self._took.get(name, 0) / SHARE_OF_TIME)
        return max(moment, self._begins_at.get(name, 0) + pause)
