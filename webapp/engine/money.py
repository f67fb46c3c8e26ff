"""What machines cost: pure sums over rows. Dollars; times are epoch milliseconds.

A machine is billed from the moment EC2 launched it until EC2 says that it is terminated. Prices
are the cached ones of the moment of launch; a machine without a known price is counted apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class Billed:
    """A machine on the bill; `until` None: it is still billed."""

    price: float | None
    since: int
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """Dollars, and how many machines are missing in it because their price is not known."""

    dollars: float
    unknown: int = 0


def per_hour(machines: Iterable[Billed]) -> Amount:
    """What the machines that are billed now cost in an hour."""
    return _sum(each.price for each in machines if each.until is None)


def spent(machines: Iterable[Billed], since: int, now: int) -> Amount:
    """What they cost between `since` and `now`."""
    prices = []
    for each in machines:
        hours = _overlap(each, since, now) / HOUR
        if hours > 0:
            prices.append(None if each.price is None else each.price * hours)
    return _sum(prices)


def worst_case(limits: Iterable[tuple[int, float | None]]) -> Amount:
    """What an hour costs when every (maximum, price) is used up."""
    known = list(limits)
    dollars = sum(most * price for most, price in known if price is not None)
    return Amount(dollars, sum(most for most, price in known if price is None))


def share(machine: Billed, tries: list[tuple[int, int]], mine: list[tuple[int, int]]) -> float:
    """What `mine`, some of the `tries` (begin, end) on a machine, cost: jobs that run at the same
    time share its price evenly. Idle time belongs to nobody. 0 when the price is not known."""
    if machine.price is None:
        return 0.0
    edges = sorted({edge for attempt in tries for edge in attempt})
    total = 0.0
    for begin, end in pairwise(edges):
        running = sum(1 for a, b in tries if a <= begin and end <= b)
        ours = sum(1 for a, b in mine if a <= begin and end <= b)
        if running:
            total += (end - begin) * ours / running
    return machine.price * total / HOUR


def _overlap(each: Billed, since: int, now: int) -> int:
    until = now if each.until is None else each.until
    return max(0, min(until, now) - max(each.since, since))


def _sum(prices: Iterable[float | None]) -> Amount:
    known = list(prices)
    unknown = sum(1 for price in known if price is None)
    return Amount(sum(price for price in known if price is not None), unknown)
