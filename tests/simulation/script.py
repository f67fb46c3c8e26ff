"""A script: everything that is done to the world, written down before it begins.

It is drawn from a seed, can be shortened, and can be read back from the lines it is printed as.
"""

import json
import random
from dataclasses import dataclass, field, replace
from typing import Any

from tests.simulation.deeds import DEEDS

STORM_SECONDS = 500.0


@dataclass(frozen=True)
class Act:
    """A deed at a time (seconds since the start)."""

    at: float
    name: str
    args: dict[str, Any]

    def __str__(self) -> str:
        return json.dumps([self.at, self.name, self.args])


@dataclass(frozen=True)
class Script:
    """`servers`: how many processes; `own`: how many machines of somebody's own; `abandoned`:
    after the storm no server is there for an hour."""

    seed: int
    abandoned: bool = False
    servers: int = 1
    own: int = 1
    settings: dict[str, Any] = field(default_factory=dict)
    rules: dict[str, Any] = field(default_factory=dict)
    acts: tuple[Act, ...] = ()

    def only(self, acts: list[Act]) -> "Script":
        """The same world with these acts."""
        return replace(self, acts=tuple(acts))

    def lines(self) -> list[str]:
        """A first line for the world, then one for each act."""
        world = {name: value for name, value in vars(self).items() if name != "acts"}
        return [json.dumps(world), *map(str, self.acts)]


def read(lines: list[str]) -> Script:
    """What `lines` has written."""
    first, *rest = [json.loads(line) for line in lines if line.strip()]
    return Script(**first, acts=tuple(Act(*each) for each in rest))


def storm(seed: int) -> Script:
    """The script of a seed. Each storm leaves out some kinds of deeds, so that others get room."""
    rng = random.Random(f"storm:{seed}")
    wild = rng.choice([0.3, 0.7, 1.0, 1.6])
    weights = {deed.name: deed.weight * rng.choice([0, 0.5, 1, 1, 2]) for deed in DEEDS.values()}
    weights["submit"] = 9.0
    acts = _opening(rng) + _acts(rng, weights, int(STORM_SECONDS / 5 * wild))
    return Script(
        seed,
        servers=rng.choice([1, 2]),
        own=rng.choice([0, 1, 1, 2]),
        abandoned=rng.random() < 0.1,
        settings={"log_maximum": rng.choice([4096, 1 << 20])},
        rules={"idle_seconds": rng.choice([0, 15, 60]), "boot_seconds": rng.choice([60, 150])},
        acts=tuple(sorted(acts, key=lambda act: act.at)),
    )


def _opening(rng: random.Random) -> list[Act]:
    """Some limits and some work to begin with."""
    names = ["limit"] * rng.randint(1, 3) + ["submit"] * 2
    return [_act(rng, name, 2.0 + number) for number, name in enumerate(names)]


def _acts(rng: random.Random, weights: dict[str, float], count: int) -> list[Act]:
    names = rng.choices(list(weights), list(weights.values()), k=count)
    return [_act(rng, name, round(rng.uniform(5, STORM_SECONDS), 1)) for name in names]


def _act(rng: random.Random, name: str, at: float) -> Act:
    return Act(at, name, {key: draw(rng) for key, draw in DEEDS[name].draws.items()})
