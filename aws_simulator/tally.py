"""Peak accounting: the most that ever existed, for proofs that a limit was kept.

Two books with the same columns: per (region, type, lifecycle) and per security group.
Each change of state is one `move`, so a request that turns into a machine is never
counted as both or as neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

COLUMNS = {
    "open": ("open",),
    "pending": ("pending",),
    "running": ("running",),
    "shutting_down": ("shutting-down",),
    "live": ("pending", "running"),
    "live_and_shutting_down": ("pending", "running", "shutting-down"),
    "live_and_open": ("pending", "running", "open"),
    "everything": ("pending", "running", "shutting-down", "open"),
}


class Tally:
    def __init__(self) -> None:
        self._now: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._peaks: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COLUMNS, 0))

    def move(self, names: Iterable[str], old: str | None, new: str | None) -> None:
        """One thing that is counted under each of `names` goes from state `old` to `new`."""
        for name in names:
            now = self._now[name]
            if old is not None:
                now[old] -= 1
            if new is not None:
                now[new] += 1
            self._raise_peaks(name)

    def _raise_peaks(self, name: str) -> None:
        now, peaks = self._now[name], self._peaks[name]
        for column, states in COLUMNS.items():
            peaks[column] = max(peaks[column], sum(now[state] for state in states))

    def peaks(self, prefix: str) -> dict[str, dict[str, int]]:
        """Peaks of every name that begins with `prefix`, without the prefix."""
        return {
            name.removeprefix(prefix): dict(peaks)
            for name, peaks in list(self._peaks.items())
            if name.startswith(prefix)
        }
