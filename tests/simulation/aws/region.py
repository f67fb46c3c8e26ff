"""One region of one account: its groups, its machines and requests, its capacity and quota."""

from collections import Counter
from dataclasses import dataclass, field

from tests.simulation.aws.things import ALIVE, Thing

TYPES = {  # name -> (vCPUs, memory MiB, GPUs)
    "c5.large": (2, 4096, 0),
    "m5.xlarge": (4, 16384, 0),
    "g4dn.xlarge": (4, 16384, 1),
}
USUAL_LAG = 1.0
PRICES = {"c5.large": 0.03, "m5.xlarge": 0.07, "g4dn.xlarge": 0.2}


@dataclass
class Region:
    """`capacity`: (zone, type) -> how many machines EC2 has there, without an entry: enough.
    `quota`: vCPUs of spot machines. `lag`: how old a listing may be, seconds."""

    account: str
    name: str
    groups: dict[str, tuple[str, int]] = field(default_factory=dict)  # name -> id, made at
    things: dict[str, Thing] = field(default_factory=dict)
    by_token: dict[str, tuple[object, str]] = field(default_factory=dict)
    capacity: dict[tuple[str, str], int] = field(default_factory=dict)
    quota: int = 1000
    lag: float = 1.0
    lag_until: int = 0

    @property
    def zones(self) -> list[str]:
        """Two are enough to have a choice."""
        return [f"{self.name}a", f"{self.name}b"]

    def lag_at(self, now: int) -> float:
        """How many seconds old a listing may be at most."""
        return self.lag if now < self.lag_until else USUAL_LAG

    def machines(self) -> list[Thing]:
        """All that EC2 has not forgotten, dead ones too."""
        return [each for each in self.things.values() if each.kind == "machine"]

    def requests(self) -> list[Thing]:
        """The same of spot requests."""
        return [each for each in self.things.values() if each.kind == "request"]

    def existing(self) -> list[Thing]:
        """Machines that are not terminated and requests that may still be filled."""
        return [each for each in self.things.values() if each.exists]

    def has_room(self, zone: str, instance_type: str) -> bool:
        """Whether EC2 has one more machine of this type."""
        most = self.capacity.get((zone, instance_type))
        here = sum(
            each.zone == zone and each.instance_type == instance_type and each.state in ALIVE
            for each in self.machines()
        )
        return most is None or here < most

    def vcpus(self) -> int:
        """What counts against the quota of spot machines."""
        spot = (each for each in self.existing() if each.purchase_type == "spot")
        return sum(TYPES[each.instance_type][0] for each in spot)

    def counts(self) -> Counter[tuple[str, str]]:
        """(type, purchase type) -> machines and open requests that our rows have made."""
        ours = (each for each in self.existing() if each.token and each.ours)
        return Counter((each.instance_type, each.purchase_type) for each in ours)
