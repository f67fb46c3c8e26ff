"""How many calls a key made in the last while, each with its moment."""

import threading
from collections import defaultdict, deque


class SlidingWindow:
    """At most `most` calls in any `seconds`; thread-safe."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self._lock = threading.Lock()
        self._calls: defaultdict[int, deque[float]] = defaultdict(deque)

    def wait(self, key: int, moment: float) -> float:
        """Count a call at that moment: 0 when it may be made, otherwise seconds until one may."""
        with self._lock:
            calls = self._calls[key]
            while calls and calls[0] <= moment - self.seconds:
                calls.popleft()
            if len(calls) >= self.most:
                return calls[0] + self.seconds - moment
            calls.append(moment)
            return 0.0
