"""What happens to agents, their machines and their way to the server."""

from typing import TYPE_CHECKING

from tests.simulation.agents.wire import MODES
from tests.simulation.deeds.deed import deed, one_of, pick, some, which

if TYPE_CHECKING:
    from tests.simulation.agents.agent import Agent
    from tests.simulation.world import World


def _agent(world: "World", number: int, kind: str) -> "Agent | None":
    found = pick([each for each in world.agents if each.alive], number)
    if found is not None:
        world.tally.faults[f"agent {kind}"] += 1
        world.note(f"agent {found.name}: {kind}")
    return found


@deed("agents", 3, agent=which, seconds=one_of(0.5, 5, 20, 45, None))
def kill_agent(world: "World", agent: int, seconds: float | None) -> None:
    """The process dies; something starts it again, or nothing."""
    found = _agent(world, agent, "killed")
    if found is None:
        return
    found.die()
    if seconds is not None:
        world.agenda.after(seconds, f"{found.name} again", lambda: world.agent_again(found))


@deed("agents", 3, agent=which, seconds=one_of(5, 25, 40, 90, 400))
def hang(world: "World", agent: int, seconds: float) -> None:
    """The process stands still, then goes on as if nothing had been."""
    found = _agent(world, agent, "hung")
    if found is not None:
        found.hung_until = world.agenda.now + int(seconds * 1000)


@deed("agents", 3, agent=which, seconds=one_of(5, 25, 40, 90, 400))
def cut(world: "World", agent: int, seconds: float) -> None:
    """The network of a machine is gone for a while."""
    found = _agent(world, agent, "cut off")
    if found is not None:
        found.wire.cut_until = world.agenda.now + int(seconds * 1000)


@deed(
    "agents",
    7,
    agent=which,
    mode=one_of(*MODES),
    times=one_of(1, 1, 2, 5),
    seconds=some(0.1, 60),
    calls=one_of("", "", "reports", "reports", "poll", "start", "jobs/"),
)
def wire(world: "World", agent: int, mode: str, times: int, seconds: float, calls: str) -> None:
    """The next calls are lost, their answers are, or they arrive twice, or once more later."""
    found = _agent(world, agent, f"wire {mode}")
    if found is not None:
        found.wire.rules.append([mode, times, seconds, calls])


@deed("agents", 1.5, agent=which, same_id=one_of(False, True))
def clone(world: "World", agent: int, same_id: bool) -> None:
    """The disk of a machine is copied, and the copy starts."""
    found = _agent(world, agent, "cloned")
    if found is not None and found.machine is None and found.credential:
        world.clone(found, same_id)


@deed("agents", 2, agent=which, back=one_of(None, 5, 30, 60))
def leave(world: "World", agent: int, back: float | None) -> None:
    """An agent is told to stop, and does; it is started again after it is gone, or not."""
    found = _agent(world, agent, "left")
    if found is not None:
        found.leave()
        if back is not None:
            world.agenda.after(16 + back, f"{found.name} back", lambda: world.agent_again(found))


@deed("agents", 1.5, agent=which)
def start_again(world: "World", agent: int) -> None:
    """Somebody starts an agent that was ended."""
    found = pick([each for each in world.agents if not each.alive], agent)
    if found is not None:
        world.agent_again(found)


@deed("agents", 1, agent=which, skew=one_of(-3_600_000, -60_000, 60_000, 3_600_000))
def skew(world: "World", agent: int, skew: int) -> None:
    """Its clock is off."""
    found = _agent(world, agent, "clock off")
    if found is not None:
        found.skew = skew


@deed("agents", 0.7)
def newcomer(world: "World") -> None:
    """Somebody adds a machine of their own."""
    if len(world.agents) < 12:
        world.add_own_agent()
