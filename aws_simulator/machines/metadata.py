"""What the instance metadata service says (IMDSv2), as data.

Paths as in the EC2 user guide, "Instance metadata categories". The endpoint of a machine
ends in its id, because all machines share one server.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable

from moto.core import DEFAULT_ACCOUNT_ID

from aws_simulator.ec2.machine import Machine

LONGEST_TOKEN = 21_600  # seconds


class Tokens:
    """Session tokens of IMDSv2, each good for one machine and a time."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._known: dict[str, tuple[str, float]] = {}

    def issue(self, machine_id: str, seconds: int) -> str:
        now = self.clock()
        self._known = {t: known for t, known in self._known.items() if known[1] > now}
        token = secrets.token_urlsafe(40)
        self._known[token] = (machine_id, now + seconds)
        return token

    def good(self, machine_id: str, token: str) -> bool:
        owner, until = self._known.get(token, ("", 0.0))
        return owner == machine_id and until > self.clock()


def _stamp(moment: float | None) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))


def _document(machine: Machine) -> str:
    launch = machine.launch
    return json.dumps(
        {
            "accountId": DEFAULT_ACCOUNT_ID,
            "architecture": launch.architecture,
            "availabilityZone": launch.zone,
            "imageId": launch.image_id,
            "instanceId": machine.id,
            "instanceType": launch.instance_type,
            "pendingTime": _stamp(machine.born),
            "privateIp": machine.private_ip,
            "region": launch.region,
            "version": "2017-09-30",
        },
        indent=2,
    )


def _instance_action(machine: Machine) -> str | None:
    if machine.notice is None:
        return None
    return json.dumps({"action": "terminate", "time": _stamp(machine.notice)})


def _rebalance(machine: Machine) -> str | None:
    if machine.rebalance is None:
        return None
    return json.dumps({"noticeTime": _stamp(machine.rebalance)})


PATHS: dict[str, Callable[[Machine], str | None]] = {
    "meta-data/ami-id": lambda m: m.launch.image_id,
    "meta-data/ami-launch-index": lambda m: str(m.index),
    "meta-data/events/recommendations/rebalance": _rebalance,
    "meta-data/hostname": lambda m: "ip-" + m.private_ip.replace(".", "-"),
    "meta-data/instance-id": lambda m: m.id,
    "meta-data/instance-life-cycle": lambda m: m.launch.lifecycle,
    "meta-data/instance-type": lambda m: m.launch.instance_type,
    "meta-data/local-hostname": lambda m: "ip-" + m.private_ip.replace(".", "-"),
    "meta-data/local-ipv4": lambda m: m.private_ip,
    "meta-data/placement/availability-zone": lambda m: m.launch.zone,
    "meta-data/placement/region": lambda m: m.launch.region,
    "meta-data/public-ipv4": lambda m: m.public_ip,
    "meta-data/reservation-id": lambda m: m.reservation_id,
    "meta-data/security-groups": lambda m: "\n".join(name for _, name in m.launch.groups),
    "meta-data/spot/instance-action": _instance_action,
    "meta-data/spot/termination-time": lambda m: _stamp(m.notice) if m.notice else None,
    "meta-data": lambda m: "\n".join(
        sorted({p.split("/")[1] for p in PATHS if p.startswith("meta-data/")})
    ),
    "dynamic/instance-identity/document": _document,
    "user-data": lambda m: m.launch.user_data.decode("utf-8", "replace") or None,
}


def read(machine: Machine, path: str) -> str | None:
    """What stands under ``/latest/<path>``; None is a 404."""
    reader = PATHS.get(path.strip("/"))
    return reader(machine) if reader else None
