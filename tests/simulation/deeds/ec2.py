"""What happens in EC2, to its machines and to calls."""

from typing import TYPE_CHECKING

from tests.simulation.aws.everything import REGIONS
from tests.simulation.aws.faults import CODES, LAUNCHES, MODES, Rule
from tests.simulation.aws.region import TYPES
from tests.simulation.aws.things import Thing
from tests.simulation.deeds.deed import deed, one_of, pick, some, which, whole

if TYPE_CHECKING:
    from tests.simulation.world import World

OPERATIONS = (
    "Launch",
    "Launch",
    "Launch",
    "TerminateInstances",
    "CancelSpotInstanceRequests",
    "DescribeInstances",
    "DescribeSpotInstanceRequests",
    "CreateSecurityGroup",
    "DescribeSecurityGroups",
    "*",
)
LAUNCH_CODES = {
    "InsufficientInstanceCapacity",
    "MaxSpotInstanceCountExceeded",
    "SpotMaxPriceTooLow",
    "InvalidSubnetID.NotFound",
    "InvalidAMIID.NotFound",
}


@deed(
    "ec2",
    9,
    operation=one_of(*OPERATIONS),
    mode=one_of("refuse", *MODES),
    code=one_of(*CODES),
    times=one_of(1, 1, 1, 2, 4),
    seconds=some(1, 20),
)
def fault(world: "World", operation: str, mode: str, code: str, times: int, seconds: float) -> None:
    """The next calls fail."""
    if code in LAUNCH_CODES and operation not in ("Launch", *LAUNCHES):
        code = "RequestLimitExceeded"
    world.aws.faults.rules.append(Rule(operation, mode, times, code, seconds))


@deed("ec2", 3, first=one_of("lost", "late"), code=one_of(*CODES), seconds=some(1, 20))
def lost_then_refused(world: "World", first: str, code: str, seconds: float) -> None:
    """A launch that worked and was not answered; EC2 refuses its repetition."""
    rules = [Rule("Launch", first, 1, code, seconds), Rule("Launch", "refuse", 1, code)]
    world.aws.faults.rules.extend(rules)


@deed("ec2", 3, region=one_of(*REGIONS), lag=some(2, 100), seconds=some(20, 200))
def lag(world: "World", region: str, lag: float, seconds: float) -> None:
    """Listings are old, and each thing in them by its own measure."""
    world.tally.faults["ec2 lag"] += 1
    for each in world.aws.regions():
        if each.name == region:
            each.lag, each.lag_until = lag, world.agenda.now + int(seconds * 1000)


@deed(
    "ec2", 3, region=one_of(*REGIONS), zone=one_of("a", "b"), kind=one_of(*TYPES), most=whole(0, 2)
)
def capacity(world: "World", region: str, zone: str, kind: str, most: int) -> None:
    """So many machines of a type fit into a zone."""
    world.tally.faults["ec2 capacity"] += 1
    for each in world.aws.regions():
        if each.name == region:
            each.capacity[region + zone, kind] = most


@deed("ec2", 1.5, region=one_of(*REGIONS))
def plenty(world: "World", region: str) -> None:
    """Capacity is back: what is open is filled late."""
    for each in world.aws.regions():
        if each.name == region:
            each.capacity.clear()


@deed("ec2", 1, region=one_of(*REGIONS), vcpus=one_of(0, 4, 8, 1000))
def quota(world: "World", region: str, vcpus: int) -> None:
    """The account's quota of spot vCPUs."""
    world.tally.faults["ec2 quota"] += 1
    for each in world.aws.regions():
        if each.name == region:
            each.quota = vcpus


@deed("ec2", 1.5, operation=one_of("*", *OPERATIONS), seconds=some(10, 120))
def deny(world: "World", operation: str, seconds: float) -> None:
    """The keys may not do this for a while."""
    world.tally.faults["ec2 denied"] += 1
    names = LAUNCHES if operation == "Launch" else (operation,)
    for name in names:
        world.aws.faults.denied[name] = world.agenda.now + int(seconds * 1000)


@deed("ec2", 4, machine=which, notice=one_of(True, True, False))
def interrupt(world: "World", machine: int, notice: bool) -> None:
    """EC2 takes a machine back."""
    found = pick(world.aws.running(), machine)
    if found is not None:
        take_back(world, found, notice)


@deed("ec2", 1, agent=which)
def interrupt_restart(world: "World", agent: int) -> None:
    """EC2 takes a machine back; meanwhile its agent is stopped and started again."""
    found = pick([each for each in world.agents if each.machine and each.living], agent)
    if found is not None and found.machine is not None:
        take_back(world, found.machine, notice=True)
        world.agenda.after(12, f"{found.name} leaves", found.leave)
        world.agenda.after(50, f"{found.name} back", lambda: world.agent_again(found))


@deed("ec2", 2, machine=which)
def interrupt_boot(world: "World", machine: int) -> None:
    """EC2 takes back, with notice, a machine whose agent has not called in yet."""
    booted = {agent.machine.id for agent in world.agents if agent.machine}
    found = pick([each for each in world.aws.running() if each.id not in booted], machine)
    if found is not None:
        take_back(world, found, notice=True)


def take_back(world: "World", machine: Thing, notice: bool) -> None:
    """A spot interruption."""
    world.tally.faults["ec2 interruption" if notice else "ec2 sudden death"] += 1
    world.aws.life.take_back(world.aws.region(machine.account, machine.region), machine, notice)


@deed("ec2", 2, count=whole(1, 4))
def bad_boots(world: "World", count: int) -> None:
    """The next machines never call in."""
    world.tally.faults["ec2 bad boots"] += 1
    world.aws.life.bad_boots += count


@deed("ec2", 1, count=whole(1, 2))
def slow_boots(world: "World", count: int) -> None:
    """The next machines take longer than the patience there is."""
    world.tally.faults["ec2 slow boots"] += 1
    world.aws.life.slow_boots += count


@deed("ec2", 1.5, machine=which, seconds=some(30, 170))
def hide(world: "World", machine: int, seconds: float) -> None:
    """No listing shows this machine for a while; with the age of listings less than 5 min."""
    found = pick(world.aws.running(), machine)
    if found is not None and not found.hidden_until:
        world.tally.faults["ec2 hidden machine"] += 1
        found.hidden_until = world.agenda.now + int(seconds * 1000)


@deed("ec2", 0.7, account=whole(0, 1), region=one_of(*REGIONS), kind=one_of("machine", "request"))
def stranger(world: "World", account: int, region: str, kind: str) -> None:
    """Somebody else makes something in our group."""
    world.tally.faults["ec2 stranger"] += 1
    world.aws.stranger(account, region, kind)
