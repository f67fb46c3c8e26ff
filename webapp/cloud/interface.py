"""What the tasks may ask of a cloud, and in what shapes it answers.

Times are epoch milliseconds, prices dollars per hour. Every function may raise CloudError.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from webapp.engine.plan.seen import SeenMachine, SeenRequest

SPOT = "spot"
ON_DEMAND = "on-demand"


@dataclass(frozen=True, slots=True)
class Order:
    """One machine, completely described: the same order is the same call, byte for byte.

    `token` is the ClientToken; `volume_gib` and `encrypted` None: as the image has it.
    """

    token: str
    purchase_type: str
    instance_type: str
    image_id: str
    group_id: str
    subnet_id: str
    user_data: str = field(repr=False)
    valid_until: int
    maximum_price: float | None = None
    root_device: str = "/dev/sda1"
    volume_gib: int | None = None
    encrypted: bool | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """EC2 took the order: the request that it made, or the machine."""

    request_id: str | None = None
    machine_id: str | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What machines of a region stand on: our security group, and a subnet for each zone."""

    group_id: str
    subnets: dict[str, str]


@dataclass(frozen=True, slots=True)
class Image:
    """An image, and the name of its root device."""

    id: str
    name: str
    root_device: str


@dataclass(frozen=True, slots=True)
class Type:
    """An instance type; memory in MiB; `gpus`: (name, memory_mib) of each one."""

    name: str
    cpu_milli: int
    memory_mib: int
    gpus: tuple[tuple[str, int], ...]
    arch: str
    purchase_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Permission:
    """One permission, tried by dry run; `refusal`: AWS's own words, None when it is granted."""

    action: str
    purpose: str
    refusal: str | None = None


class Cloud(Protocol):
    """One account."""

    def launch(self, region: str, order: Order) -> Answer:
        """Ask for a machine; repeating an order never makes a second one."""

    def machines(self, region: str, group_id: str) -> list[SeenMachine]:
        """Every machine in our security group."""

    def machines_by_id(self, region: str, ids: Sequence[str]) -> list[SeenMachine]:
        """Those of these machines that EC2 knows; terminated ones leave their group."""

    def requests(self, region: str, group_id: str) -> list[SeenRequest]:
        """Every spot request that launches into our security group."""

    def terminate(self, region: str, machine_id: str) -> None:
        """End one machine; one at a time, since one wrong id in a batch ends none of it."""

    def cancel(self, region: str, request_id: str) -> None:
        """Cancel one spot request; a machine that came of it lives on."""

    def group(self, region: str, name: str) -> str | None:
        """Id of our security group in the default network, None when there is none yet."""

    def ground(self, region: str, name: str) -> Ground:
        """Find or make our security group, and find the default subnets."""

    def image(self, region: str, arch: str, gpu: bool) -> Image:
        """The newest official image."""

    def image_of(self, region: str, image_id: str) -> Image:
        """A certain image."""

    def identity(self) -> dict[str, str]:
        """`account` and `arn` of the keys."""

    def permissions(self, region: str, on_demand: bool) -> list[Permission]:
        """Everything we need, tried by dry run, one by one."""

    def role_signs(self, region: str) -> tuple[str | None, str | None]:
        """What shows whether the role for spot machines exists: AWS's words that it does not, and
        the id of a spot request of this account."""

    def regions(self) -> list[tuple[str, bool]]:
        """(name, usable in this account)."""

    def types(self, region: str) -> list[Type]:
        """Every instance type of a region."""

    def zones(self, region: str) -> dict[str, list[str]]:
        """Instance type -> zones that offer it."""

    def prices(self, region: str, types: Sequence[str], now: int) -> dict[tuple[str, str], float]:
        """(zone, type) -> the present spot price."""


Parameters = dict[str, Any]
