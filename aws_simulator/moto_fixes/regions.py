"""DescribeRegions: the commercial regions, with the opt-in status of this account.

moto lists government and Chinese regions too, and the same whatever AllRegions says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
from moto.ec2.responses.availability_zones_and_regions import AvailabilityZonesAndRegions

from aws_simulator.ec2.errors import Refusal
from aws_simulator.ec2.filters import chosen
from aws_simulator.knobs import NOT_OPTED_IN
from aws_simulator.moto_fixes.answers import answers, filters_of
from aws_simulator.practice import Practice

ELSEWHERE = ("us-gov-", "cn-")
READERS = {
    "region-name": lambda r: r["RegionName"],
    "opt-in-status": lambda r: r["OptInStatus"],
    "endpoint": lambda r: r["Endpoint"],
}


def region_names() -> list[str]:
    names = [region.name for region in RegionsAndZonesBackend.regions]
    known = [name for name in names if RegionsAndZonesBackend.zones.get(name)]
    return [name for name in known if not name.startswith(ELSEWHERE)]


def apply(practice: Practice) -> None:
    world = practice.world

    def describe(response: Any, asked: Mapping[str, Any]) -> dict[str, Any]:
        off = world.knobs.regions_not_opted_in
        wanted, everything = asked.get("RegionNames"), asked.get("AllRegions")
        for name in wanted or []:
            if name not in region_names():
                raise Refusal("InvalidParameterValue", f"Invalid region provided: [{name}].")
        listed = [
            {
                "RegionName": name,
                "Endpoint": f"ec2.{name}.amazonaws.com",
                "OptInStatus": _status(name, off),
            }
            for name in region_names()
            if (not wanted or name in wanted) and (everything or name not in off)
        ]
        return {"Regions": chosen(listed, filters_of(asked), READERS)}

    AvailabilityZonesAndRegions.describe_regions = answers(world, describe)


def _status(name: str, off: list[str]) -> str:
    if name in off:
        return "not-opted-in"
    return "opted-in" if name in NOT_OPTED_IN else "opt-in-not-required"
