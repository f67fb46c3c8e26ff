"""What happens to processes of the server."""

from typing import TYPE_CHECKING

from tests.simulation.deeds.deed import deed, one_of, pick, some, which, whole
from tests.simulation.points import Trap

if TYPE_CHECKING:
    from tests.simulation.world import World


@deed("servers", 4, server=which, place=whole(1, 400))
def kill_server(world: "World", server: int, place: int) -> None:
    """It dies at the so manieth place from now: a statement, a commit, a call to EC2."""
    found = pick(world.servers, server)
    if found is not None:
        found.points.set(Trap("kill", place))


@deed("servers", 5, server=which, place=whole(1, 60), seconds=one_of(0.5, 3, 10, 25, 70))
def stall(world: "World", server: int, place: int, seconds: float) -> None:
    """It stands still at the so manieth place where it holds nothing; the world goes on."""
    found = pick(world.servers, server)
    if found is not None:
        found.points.set(Trap("stall", place, seconds))


@deed(
    "servers",
    5,
    server=which,
    task=one_of("tick", "tick", "observe", "expire_leases", "lead"),
    place=whole(1, 8),
    seconds=one_of(3, 12, 25, 50),
)
def stall_in(world: "World", server: int, task: str, place: int, seconds: float) -> None:
    """It stands still in the middle of a task: what was decided may be wrong when it goes on."""
    found = pick(world.servers, server)
    if found is not None:
        found.set_in(task, Trap("stall", place, seconds))


@deed("servers", 3, server=which, task=one_of("tick", "tick", "observe"), place=whole(1, 80))
def kill_in(world: "World", server: int, task: str, place: int) -> None:
    """It dies in the middle of a task."""
    found = pick(world.servers, server)
    if found is not None:
        found.set_in(task, Trap("kill", place))


@deed("servers", 2, server=which, place=whole(1, 300), kind=one_of("refuse", "refuse", "full"))
def refuse(world: "World", server: int, place: int, kind: str) -> None:
    """Its database refuses the so manieth statement, or has no room for it."""
    found = pick(world.servers, server)
    if found is not None:
        found.points.set(Trap(kind, place))


@deed("servers", 0.4, seconds=some(20, 200))
def outage(world: "World", seconds: float) -> None:
    """No server at all for a while."""
    world.tally.faults["servers outage"] += 1
    world.no_server_until = world.agenda.now + int(seconds * 1000)
    for each in world.servers:
        each.die()


@deed(
    "servers",
    0.8,
    off=one_of(-3_600_000, -240_000, -60_000, 60_000, 240_000, 3_600_000),
    seconds=one_of(20, 60, 200),
)
def clock_step(world: "World", off: int, seconds: float) -> None:
    """The clock of their host is wrong for a while, then right again."""
    world.tally.faults["servers clock step"] += 1
    world.clock_off = off

    def mend() -> None:
        world.clock_off = 0

    world.agenda.after(seconds, "the clock is right again", mend)


@deed("servers", 0.4, after=one_of(2, 30, 90, 200))
def restore(world: "World", after: float) -> None:
    """A backup is made, and some time later that is all that is left."""
    world.back_up()
    world.agenda.after(after, "restored", world.restore)
