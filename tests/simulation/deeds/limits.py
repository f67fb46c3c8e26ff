"""What people do with limits."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.simulation.aws.everything import REGIONS
from tests.simulation.aws.region import TYPES
from tests.simulation.deeds.deed import deed, one_of, pick, which, whole
from tests.simulation.deeds.person import ADA, by_person
from webapp.clock import now
from webapp.engine.snapshot import Key
from webapp.models.limit import (
    add_limit,
    delete_limit,
    limits,
    reset_limit,
    set_maximum,
    switch_limit,
)

if TYPE_CHECKING:
    from tests.simulation.world import World


@deed(
    "people",
    2,
    region=one_of(*REGIONS),
    kind=one_of(*TYPES),
    purchase=one_of("spot", "spot", "on-demand"),
    maximum=whole(1, 3),
)
def limit(world: "World", region: str, kind: str, purchase: str, maximum: int) -> None:
    """A new limit."""
    key = Key(region, kind, purchase)
    by_person(world, lambda: add_limit(ADA, key, maximum, now()) and None)


def _with_limit(world: "World", number: int, verb: Callable[[Any], Any]) -> None:
    def act() -> None:
        row = pick(limits(), number)
        if row is not None:
            verb(row)

    by_person(world, act)


@deed("people", 4, limit=which, maximum=whole(1, 4))
def maximum(world: "World", limit: int, maximum: int) -> None:
    """Raise or lower a limit."""
    _with_limit(world, limit, lambda row: set_maximum(ADA, row, maximum, now()))


@deed("people", 2, limit=which, on=one_of(True, False))
def switch(world: "World", limit: int, on: bool) -> None:
    """A limit on or off."""
    _with_limit(world, limit, lambda row: switch_limit(ADA, row, on, now()))


@deed("people", 1, limit=which)
def delete(world: "World", limit: int) -> None:
    """Delete a limit."""
    _with_limit(world, limit, lambda row: delete_limit(ADA, row, now()))


@deed("people", 2, limit=which)
def reset(world: "World", limit: int) -> None:
    """Try again at once."""
    _with_limit(world, limit, lambda row: reset_limit(ADA, row, now()))
