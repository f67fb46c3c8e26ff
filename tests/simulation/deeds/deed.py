"""A deed: its name, how often it is drawn, how its arguments are drawn, and what it does."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

Draw = Callable[[random.Random], Any]
Item = TypeVar("Item")


@dataclass(frozen=True)
class Deed:
    """`group`: people, ec2, agents or servers; a storm leaves some kinds out."""

    name: str
    group: str
    weight: float
    draws: dict[str, Draw]
    act: Callable[..., None]


DEEDS: dict[str, Deed] = {}


def deed(group: str, weight: float, **draws: Draw) -> Callable[..., Any]:
    """Register a function of the world and the arguments that are drawn."""

    def keep(act: Callable[..., None]) -> Callable[..., None]:
        DEEDS[act.__name__] = Deed(act.__name__, group, weight, draws, act)
        return act

    return keep


def which(rng: random.Random) -> int:
    """Any of those that there are then."""
    return rng.randrange(1000)


def whole(low: int, high: int) -> Draw:
    """A whole number."""
    return lambda rng: rng.randint(low, high)


def some(low: float, high: float) -> Draw:
    """A number, seconds most of the time."""
    return lambda rng: round(rng.uniform(low, high), 1)


def one_of(*choices: Any) -> Draw:
    """One of these."""
    return lambda rng: rng.choice(choices)


def pick(items: Sequence[Item], number: int) -> Item | None:
    """The one that `which` means; None when there is none."""
    return items[number % len(items)] if items else None
