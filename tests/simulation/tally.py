"""What was done and seen in one simulation or in many: counts, and a trace of the last steps."""

import hashlib
from collections import Counter, deque
from dataclasses import dataclass, field

KEPT = 60


@dataclass
class Tally:
    """`moves`: (table, old, new) -> how often; `faults`: kind -> how often it struck."""

    steps: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    moves: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    trace: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT))
    story: str = ""  # a digest: the same for the same story

    def note(self, line: str) -> None:
        """One line of the story."""
        self.trace.append(line)
        self.story = hashlib.sha256((self.story + line).encode()).hexdigest()

    def add(self, other: "Tally") -> None:
        """Sum up many simulations."""
        self.steps += other.steps
        self.faults += other.faults
        self.moves += other.moves
        self.seen += other.seen
