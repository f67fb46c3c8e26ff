"""RunInstances: idempotent, refused for want of capacity or quota, pending first.

moto launches MinCount machines at once and ignores ClientToken. With
InstanceMarketOptions of type spot EC2 makes a spot request, too; practice AWS leaves that
to RequestSpotInstances and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2.responses.instances import InstanceResponse

from aws_simulator.ec2.capacity import has_capacity, within_quota
from aws_simulator.ec2.errors import Refusal, invalid_value
from aws_simulator.ec2.launching import read_launch
from aws_simulator.ec2.machine import Launch, Machine
from aws_simulator.moto_fixes.answers import answers
from aws_simulator.moto_fixes.instances import reservations
from aws_simulator.moto_fixes.tagging import remember_tags
from aws_simulator.practice import Practice
from aws_simulator.world import World, new_id


def apply(practice: Practice) -> None:
    world = practice.world

    def run(response: Any, asked: Mapping[str, Any]) -> dict[str, Any]:
        region = response.region
        key = (region, "RunInstances", asked.get("ClientToken") or "")
        known = world.tokens.earlier(key, asked)
        if known is None:
            machines = _launch(practice, region, asked)
            known = [machine.id for machine in machines]
            remember_tags(region, asked, "instance", known)
            world.tokens.remember(key, asked, known)
        listed = [world.machines[region][i] for i in known if i in world.machines[region]]
        found = reservations(listed, region)
        return found[0] if found else {"OwnerId": DEFAULT_ACCOUNT_ID, "Instances": []}

    InstanceResponse.run_instances = answers(world, run)


def _launch(practice: Practice, region: str, asked: Mapping[str, Any]) -> list[Machine]:
    world = practice.world
    if asked.get("InstanceMarketOptions"):
        raise Refusal(
            "UnsupportedOperation",
            "Practice AWS plays spot machines through RequestSpotInstances only.",
        )
    no_vpc = region in world.knobs.regions_without_default_vpc
    launch, zones = read_launch(region, asked, "on-demand", no_vpc)
    launch = replace(
        launch,
        shutdown_behavior=asked.get("InstanceInitiatedShutdownBehavior") or "stop",
        client_token=asked.get("ClientToken") or "",
    )
    least, most = asked.get("MinCount") or 1, asked.get("MaxCount") or 1
    if not 1 <= least <= most:
        raise invalid_value(least, "MinCount")
    _check_quota(world, launch, least)
    return _born(practice, launch, zones, most, least)


def _check_quota(world: World, launch: Launch, count: int) -> None:
    knobs, held = world.knobs, world.held_launches("on-demand")
    kind = launch.instance_type
    if not within_quota(knobs.on_demand_vcpu_quota, held, launch.region, kind, count):
        raise Refusal(
            "VcpuLimitExceeded",
            "You have requested more vCPU capacity than your current vCPU limit allows for the "
            "instance bucket that the specified instance type belongs to.",
        )


def _born(
    practice: Practice, launch: Launch, zones: tuple[str, ...], most: int, least: int
) -> list[Machine]:
    """As many as fit, up to `most`; all in one zone, as EC2 does."""
    zone, room = _roomiest(practice.world, launch, zones, most)
    if room < least:
        raise Refusal(
            "InsufficientInstanceCapacity",
            f"We currently do not have sufficient {launch.instance_type} capacity in the "
            f"Availability Zone you requested ({', '.join(zones)}).",
        )
    placed = practice.market.placed(launch, zone)
    reservation = new_id("r")
    return [
        practice.lifecycle.birth(placed, reservation=reservation, index=index)
        for index in range(room)
    ]


def _roomiest(world: World, launch: Launch, zones: tuple[str, ...], most: int) -> tuple[str, int]:
    best = (zones[0], 0)
    for zone in zones:
        room = _room(world, launch, zone, most)
        if room > best[1]:
            best = (zone, room)
    return best


def _room(world: World, launch: Launch, zone: str, most: int) -> int:
    planned = list(world.live_launches())
    here = replace(launch, zone=zone)
    for count in range(most):
        if not has_capacity(
            world.knobs.capacity, planned, launch.region, zone, launch.instance_type
        ):
            return count
        planned.append(here)
    return most
