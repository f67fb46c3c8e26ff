"""All of the simulated AWS: accounts, their keys, and what strikes calls."""

from typing import TYPE_CHECKING, Any

from tests.simulation.aws.client import Client
from tests.simulation.aws.faults import Faults
from tests.simulation.aws.life import Life
from tests.simulation.aws.region import Region
from tests.simulation.aws.things import Look, Thing
from tests.simulation.points import Points
from webapp.cloud.clients import Credentials
from webapp.cloud.ec2 import Ec2

if TYPE_CHECKING:
    from tests.simulation.world import World

KEYS = {  # access key id -> (secret, account)
    "AKIAFIRST00000001": ("first-secret-aaaaaaaaaaaaaaaaaaaaaaaaaaa", "111111111111"),
    "AKIASECOND0000002": ("second-secret-bbbbbbbbbbbbbbbbbbbbbbbbbb", "222222222222"),
}
REGIONS = ("eu-west-1", "us-east-1")


class Aws:
    """`faults` strike calls of every account."""

    region_names = REGIONS

    def __init__(self, world: "World") -> None:
        self.world, self.faults, self.life = world, Faults(), Life(world)
        self._calls = 0
        accounts = [account for _, account in KEYS.values()]
        self._regions = {(a, name): Region(a, name) for a in accounts for name in REGIONS}

    def open(self, keys: Credentials, points: Points) -> Ec2:
        """The product's own EC2 code, on simulated clients."""
        cloud = Ec2(keys)
        cloud._clients = _Clients(self, keys, points)  # type: ignore[assignment]
        return cloud

    def region(self, account: str, name: str) -> Region:
        """One region of one account."""
        return self._regions[account, name]

    def regions(self) -> list[Region]:
        """All of them."""
        return list(self._regions.values())

    def machine(self, machine_id: str) -> Thing | None:
        """A machine by its id."""
        return next((r.things[machine_id] for r in self.regions() if machine_id in r.things), None)

    def running(self) -> list[Thing]:
        """Machines of ours that run, the oldest first."""
        every = [each for region in self.regions() for each in region.machines()]
        return [each for each in every if each.state == "running" and each.token]

    def next_call(self) -> int:
        """Number of a listing."""
        self._calls += 1
        return self._calls

    def stranger(self, number: int, name: str, kind: str) -> None:
        """Somebody else makes something in our group, in the first or second account."""
        account = list(KEYS.values())[number][1]
        region = self.region(account, name)
        if not region.groups:
            return
        group_id = next(iter(region.groups.values()))[0]
        now, is_machine = self.world.agenda.now, kind == "machine"
        look = Look(now, "running" if is_machine else "open", "" if is_machine else "price-too-low")
        thing_id = self.life.new_id("i-stranger" if is_machine else "sir-stranger")
        thing = Thing(thing_id, kind, name, group_id, "m5.xlarge", "spot", "", now, [look])
        thing.account, thing.zone = account, region.zones[0]
        thing.valid_until = now + 7 * 24 * 3600 * 1000
        region.things[thing_id] = thing

    def calm(self) -> None:
        """From now on it works as in the leaflet."""
        self.faults.calm()
        self.life.bad_boots = self.life.slow_boots = 0
        for region in self.regions():
            region.capacity.clear()
            region.quota, region.lag_until = 1000, 0


class _Clients:
    def __init__(self, aws: Aws, keys: Credentials, points: Points) -> None:
        self._aws, self._points = aws, points
        secret, self._account = KEYS[keys.access_key_id or ""]
        assert secret == keys.secret_access_key

    def ec2(self, region: str) -> Any:
        """A client."""
        return Client(self._aws, self._aws.region(self._account, region), self._points)

    sts = ec2
