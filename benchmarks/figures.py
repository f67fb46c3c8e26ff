"""A measured number beside what it should be."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`at_most` or `at_least` is the target; neither: a number that only explains others."""

    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def reached(self) -> bool:
        """Whether the target is met; a figure without one always is."""
        low = self.at_least is None or self.value >= self.at_least
        return low and (self.at_most is None or self.value <= self.at_most)

    def __str__(self) -> str:
        line = f"{self.name} {self.value:.4g} {self.unit}"
        if self.at_most is None and self.at_least is None:
            return line
        sign, target = ("<=", self.at_most) if self.at_least is None else (">=", self.at_least)
        return f"{line} target {sign}{target:.4g} {'ok' if self.reached else 'short'}"


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent of all are not above."""
    ordered = sorted(values)
    place = max(0, -(-len(ordered) * percent // 100) - 1)
    return ordered[int(place)]


def milliseconds(seconds: float) -> float:
    """For people."""
    return seconds * 1000
