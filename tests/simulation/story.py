"""One simulation from beginning to end."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.simulation.chance import seeded_system
from tests.simulation.judge.ending import QUIET_SECONDS, alone, noisy, surplus, unfinished
from tests.simulation.judge.judge import Broken
from tests.simulation.script import Script
from tests.simulation.tally import Tally
from tests.simulation.world import World

SHM = Path("/dev/shm")
LATEST_SECONDS = 20_000  # longer than the longest back-off and the longest queue
LOOK_SECONDS = 200
ABANDONED_SECONDS = 3600  # a machine without server and work ends itself long before
SLOWER, SLOWEST = 3.0, 14.0  # once the storm is over, less happens


@dataclass(frozen=True)
class Outcome:
    """`problem`: what must not have been; empty when all was well."""

    script: Script
    tally: Tally
    problem: str = ""


def play(script: Script) -> Outcome:
    """Run it."""
    base = SHM if SHM.is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="simulation-", dir=base))
    world = World(script, folder)
    try:
        with seeded_system(script.seed):
            _tell(world)
    except Broken as broken:
        return Outcome(script, world.tally, str(broken))
    finally:
        world.judge.end()
        for server in world.servers:
            server.let_go()
        shutil.rmtree(folder)
    return Outcome(script, world.tally)


def _tell(world: World) -> None:
    world.begin()
    world.storm()
    if world.script.abandoned:
        world.abandon(ABANDONED_SECONDS)
        world.judge.say(*alone(world.judge))
    world.calm()
    world.slowness = SLOWER
    end = world.agenda.now + LATEST_SECONDS * 1000
    while world.agenda.now < end and not _quiet(world):
        world.go_on(LOOK_SECONDS)
        world.judge.say(*surplus(world.judge))
        world.slowness = min(SLOWEST, world.slowness * 1.5)
    world.judge.say(*unfinished(world.judge))
    world.judge.look()


def _quiet(world: World) -> bool:
    """Whether all is over and stays so for a while; whoever is noisy then is told of."""
    if any(unfinished(world.judge)):
        return False
    before = world.judge.machines_ever
    world.go_on(QUIET_SECONDS)
    if world.judge.machines_ever != before or any(unfinished(world.judge)):
        return False  # a back-off was over, or somebody came back, and work went on
    world.judge.say(*noisy(world.judge))
    return True
