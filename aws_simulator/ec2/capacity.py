"""Room for a machine: AWS's own (capacity) and the account's (vCPU quota)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aws_simulator.ec2 import types
from aws_simulator.ec2.machine import Launch


def has_capacity(
    capacity: Mapping[str, int], live: Iterable[Launch], region: str, zone: str, name: str
) -> bool:
    """Capacity is set per "type", "region/type" or "zone/type"; the narrowest word counts."""
    scopes = {
        f"{zone}/{name}": lambda each: each.zone == zone,
        f"{region}/{name}": lambda each: each.region == region,
        name: lambda each: True,
    }
    for key, inside in scopes.items():
        if key in capacity:
            taken = sum(1 for each in live if each.instance_type == name and inside(each))
            return taken < capacity[key]
    return True


def within_quota(
    quota: Mapping[str, int], held: Iterable[Launch], region: str, name: str, count: int
) -> bool:
    """Quotas are vCPUs per "class" or "region/class" (`types.quota_class`), region by region."""
    bucket = types.quota_class(name)
    most = quota.get(f"{region}/{bucket}", quota.get(bucket))
    if most is None:
        return True
    taken = sum(
        each.vcpus
        for each in held
        if each.region == region and types.quota_class(each.instance_type) == bucket
    )
    return taken + types.vcpus(name) * count <= most
