"""How people reach the server: through whichever process answers."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from webapp.engine.states import Actor
from webapp.models.aws_account import MachinesLive
from webapp.models.event import Who
from webapp.models.limit import LimitExists
from webapp.models.run_moves import RunRefused
from webapp.models.transaction import writing

if TYPE_CHECKING:
    from tests.simulation.world import World

ADA = Who(Actor.PERSON, "ada")
REFUSALS = (RunRefused, LimitExists, MachinesLive)


def by_person(world: "World", verb: Callable[[], Any]) -> Any:
    """Through whichever server answers; None when none does, or it died meanwhile."""

    def inside() -> Any:
        try:
            with writing():
                return verb()
        except REFUSALS as refusal:
            world.tally.seen[f"refused: {type(refusal).__name__}"] += 1
        except Exception as error:  # noqa: BLE001 - the judge decides
            if "(simulated)" not in str(error):
                world.judge.say(f"a person's request failed: {error!r}")
        return None

    server = world.a_server("a person")
    return server.do(inside) if server else None
