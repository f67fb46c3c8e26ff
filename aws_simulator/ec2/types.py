"""Instance types: moto's table of real data, asked by name.

The data are moto's copies of DescribeInstanceTypes and DescribeInstanceTypeOfferings.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS, INSTANCE_TYPES


def known(name: str) -> bool:
    return name in INSTANCE_TYPES


def vcpus(name: str) -> int:
    return int(INSTANCE_TYPES[name]["VCpuInfo"]["DefaultVCpus"])


def memory_gib(name: str) -> float:
    return float(INSTANCE_TYPES[name]["MemoryInfo"]["SizeInMiB"]) / 1024


def gpus(name: str) -> list[tuple[str, int]]:
    """(model, count) of each kind of GPU, e.g. ``[("A10G", 1)]``."""
    found: list[dict[str, Any]] = INSTANCE_TYPES[name].get("GpuInfo", {}).get("Gpus", [])
    return [(gpu["Name"], int(gpu["Count"])) for gpu in found]


def architectures(name: str) -> list[str]:
    return list(INSTANCE_TYPES[name]["ProcessorInfo"]["SupportedArchitectures"])


def usage_classes(name: str) -> list[str]:
    return list(INSTANCE_TYPES[name].get("SupportedUsageClasses", ["on-demand", "spot"]))


@lru_cache(maxsize=64)
def offered_types(region: str) -> frozenset[str]:
    offerings = INSTANCE_TYPE_OFFERINGS["region"].get(region, [])
    return frozenset(offering["InstanceType"] for offering in offerings)


@lru_cache(maxsize=64)
def _zones(region: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for offering in INSTANCE_TYPE_OFFERINGS["availability-zone"].get(region, []):
        found.setdefault(offering["InstanceType"], set()).add(offering["Location"])
    return {name: tuple(sorted(zones)) for name, zones in found.items()}


def zones_offering(region: str, name: str) -> tuple[str, ...]:
    return _zones(region).get(name, ())


def quota_class(name: str) -> str:
    """The bucket of vCPU quotas a type counts in (EC2 quotas "All … Spot Instance Requests")."""
    family = name.split(".")[0]
    for special in ("inf", "trn", "hpc", "dl", "mac", "gr"):
        if family.startswith(special):
            return "g" if special == "gr" else special
    if family.startswith("vt"):
        return "g"
    letter = family[0]
    return "standard" if letter in "acdhimrtz" else letter
