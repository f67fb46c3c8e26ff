"""How long to wait before a call is repeated."""

from __future__ import annotations

import random

FIRST_SECONDS = 0.25
MOST_SECONDS = 30


class Backoff:
    """Doubling waits with jitter, so that a thousand agents do not come back in one instant."""

    def __init__(self, first: float = FIRST_SECONDS, most: float = MOST_SECONDS) -> None:
        self._first, self._most = first, most
        self._failures = 0

    def succeeded(self) -> None:
        self._failures = 0

    def next(self) -> float:
        """Seconds to wait after one more failure: half of the step to the whole of it."""
        step = min(self._most, self._first * 2 ** min(self._failures, 20))
        self._failures += 1
        return step * random.uniform(0.5, 1)  # noqa: S311 - jitter, not a secret

    def slow(self) -> float:
        """Seconds to wait when only a person can help."""
        return self._most * random.uniform(0.5, 1)  # noqa: S311
