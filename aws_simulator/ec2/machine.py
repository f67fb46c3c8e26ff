"""One EC2 machine: what EC2 knows of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aws_simulator.agenda import Entry

STATE_CODES = {
    "pending": 0,
    "running": 16,
    "shutting-down": 32,
    "terminated": 48,
    "stopping": 64,
    "stopped": 80,
}
LIVE = ("pending", "running")


@dataclass(frozen=True)
class Launch:
    """What was asked for, checked and completed (subnet and zone chosen)."""

    region: str
    zone: str
    subnet_id: str
    vpc_id: str
    instance_type: str
    vcpus: int
    image_id: str
    architecture: str
    root_device: str
    groups: tuple[tuple[str, str], ...]  # (id, name)
    user_data: bytes = b""
    key_name: str | None = None
    public_ip: bool = False
    lifecycle: str = "on-demand"
    shutdown_behavior: str = "terminate"
    block_devices: tuple[dict[str, Any], ...] = ()
    client_token: str = ""


@dataclass(eq=False)
class Machine:
    id: str
    number: int  # order of birth: what pages are cut by
    launch: Launch
    reservation_id: str
    born: float
    private_ip: str
    public_ip: str | None
    request_id: str | None = None
    index: int = 0
    state: str = "pending"
    reason: tuple[str, str] = ("", "")  # StateReason: code, message
    transition: str = ""
    ended: float | None = None
    notice: float | None = None  # when the spot interruption takes effect
    rebalance: float | None = None  # when rebalancing was recommended
    timers: list[Entry] = field(default_factory=list)

    @property
    def tally_names(self) -> list[str]:
        return tally_names(self.launch)

    @property
    def live(self) -> bool:
        return self.state in LIVE


def tally_names(launch: Launch) -> list[str]:
    kind = f"kind:{launch.region}/{launch.instance_type}/{launch.lifecycle}"
    return [kind, *(f"group:{group_id}" for group_id, _ in launch.groups)]
