"""Two things that come together, which chance alone would hardly bring about."""

from typing import TYPE_CHECKING

from tests.simulation.deeds.deed import deed, one_of, pick, which
from tests.simulation.deeds.ec2 import take_back
from tests.simulation.deeds.person import ADA, by_person
from webapp.clock import now
from webapp.extensions import db
from webapp.models.instance import Instance
from webapp.models.wishes import wish_end

if TYPE_CHECKING:
    from tests.simulation.agents.agent import Agent
    from tests.simulation.world import World


def _rented(world: "World", number: int, *, busy: bool = True) -> "Agent | None":
    """The agent of an EC2 machine, one with jobs when there is any."""
    here = [each for each in world.agents if each.machine and each.living]
    at_work = [each for each in here if each.living and each.living.works]
    return pick(at_work if busy and at_work else here, number)


@deed("agents", 1, agent=which)
def absent_when_taken(world: "World", agent: int) -> None:
    """An agent is stopped, and starts again on a machine that EC2 takes back meanwhile."""
    found = _rented(world, agent)
    if found is not None and found.machine is not None:
        machine = found.machine
        found.leave()
        world.agenda.after(25, "taken meanwhile", lambda: take_back(world, machine, notice=True))
        world.agenda.after(60, f"{found.name} back", lambda: world.agent_again(found))


@deed("agents", 1, agent=which)
def hung_when_taken(world: "World", agent: int) -> None:
    """An agent hangs until it is lost, EC2 takes its machine back, and it goes on."""
    found = _rented(world, agent)
    if found is not None and found.machine is not None:
        machine = found.machine
        found.hung_until = world.agenda.now + 75_000
        world.agenda.after(55, "taken meanwhile", lambda: take_back(world, machine, notice=True))


@deed("people", 1.5, agent=which, notice=one_of(True, False), seconds=one_of(3, 8))
def drained_when_taken(world: "World", agent: int, notice: bool, seconds: float) -> None:
    """A person ends a busy machine after its jobs, and EC2 is faster."""
    found = _rented(world, agent)
    if found is None or found.machine is None:
        return
    machine = found.machine

    def act() -> None:
        row = db.session.get(Instance, machine.token)
        if row is not None:
            wish_end(ADA, row, "drain", now())

    by_person(world, act)
    world.agenda.after(seconds, "taken meanwhile", lambda: take_back(world, machine, notice))


@deed("agents", 1, agent=which, how=one_of("killed", "left"))
def gone_for_ever(world: "World", agent: int, how: str) -> None:
    """The agent of an EC2 machine ends and nothing starts it again; the machine stays."""
    found = _rented(world, agent, busy=False)
    if found is not None:
        world.tally.faults[f"agent {how} for ever"] += 1
        (found.die if how == "killed" else found.leave)()
