"""Virtual time: what happens when, in one thread."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

START = 1_764_000_000_000  # epoch milliseconds


class Entry(NamedTuple):
    """Something that happens at a moment; of two at the same one the first noted is first."""

    moment: int
    number: int
    name: str
    act: Callable[[], None]


@dataclass
class Agenda:
    """The clock moves only when the next entry is taken."""

    now: int = START
    _entries: list[Entry] = field(default_factory=list)
    _count: int = 0

    def at(self, moment: int, name: str, act: Callable[[], None]) -> None:
        """Note something for a moment; what is late happens next."""
        self._count += 1
        heapq.heappush(self._entries, Entry(max(moment, self.now), self._count, name, act))

    def after(self, seconds: float, name: str, act: Callable[[], None]) -> None:
        """Note something for later."""
        self.at(self.now + int(seconds * 1000), name, act)

    def take(self, until: int) -> Entry | None:
        """The next entry, with the clock set to it; None when there is none up to that moment."""
        if not self._entries or self._entries[0].moment > until:
            self.now = max(self.now, until)
            return None
        entry = heapq.heappop(self._entries)
        self.now = max(self.now, entry.moment)
        return entry

    @property
    def since_start(self) -> float:
        """Seconds."""
        return (self.now - START) / 1000
