"""How the cost of each call grows with runners, waiting jobs, limits and history; three sizes each.

In this process and one thread, so that only the product's own work counts: milliseconds of
processor, medians. What is not being grown stays at 100 runners, 100 waiting jobs, no limits and no
history.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.copies import more_history, more_limits, more_runners, more_waiting
from benchmarks.figures import Figure
from benchmarks.inside import Inside, cost, inside
from webapp.clock import system_clock
from webapp.tasks.tick import tick

FILLS = {
    "runners": more_runners,
    "waiting": more_waiting,
    "limits": more_limits,
    "history": more_history,
}
SIZES = {
    "runners": (100, 1000, 4000),
    "waiting": (100, 10_000, 40_000),
    "limits": (1, 10, 100),
    "history": (100, 10_000, 50_000),
}
_USUAL = {"runners": 100, "waiting": 100, "limits": 0, "history": 0}


def measure(sizes: dict[str, tuple[int, ...]] = SIZES, times: int = 15) -> Iterator[Figure]:
    """One figure for each size and kind of call."""
    for what, numbers in sizes.items():
        for number in numbers:
            with tempfile.TemporaryDirectory() as name, inside(Path(name)) as house:
                for fill, usual in _USUAL.items():
                    FILLS[fill](house, number if fill == what else usual)
                for call, taken in _costs(house, times):
                    yield Figure(f"growth.{what}_{number}.{call}", taken, "ms")


def _costs(house: Inside, times: int) -> Iterator[tuple[str, float]]:
    def look() -> None:
        with house.app.app_context():
            tick(system_clock())

    look()  # writes on each job why it waits
    yield "idle_poll", cost(house.poll, times)
    yield "job", cost(lambda: _job(house), times)
    for page in ("runs", "runners"):
        yield page, cost(lambda page=page: house.page(f"/{page}"), 5)
        yield f"{page}_news", _news(house, f"/{page}", times)
    yield "tick", cost(look, 5)


def _job(house: Inside) -> None:
    """Its whole life: submission, claim, reports."""
    house.submit()
    house.end(house.poll())


def _news(house: Inside, page: str, times: int) -> float:
    """The poll of a page after one job ran."""
    path = house.fresh(page)
    _job(house)
    return cost(lambda: house.page(path), times)
