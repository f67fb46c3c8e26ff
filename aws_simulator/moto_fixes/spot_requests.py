"""RequestSpotInstances, DescribeSpotInstanceRequests, CancelSpotInstanceRequests.

moto ignores ClientToken and SecurityGroupIds, fills every request at once, and forgets a
cancelled one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from moto.ec2.responses.spot_instances import SpotInstances

from aws_simulator.ec2 import prices
from aws_simulator.ec2.capacity import within_quota
from aws_simulator.ec2.errors import Refusal, invalid_value, not_found
from aws_simulator.ec2.filters import chosen
from aws_simulator.ec2.launching import read_launch
from aws_simulator.ec2.machine import Launch
from aws_simulator.ec2.pages import page
from aws_simulator.ec2.spot_request import SpotRequest
from aws_simulator.moto_fixes.answers import answers, filters_of, tags_of
from aws_simulator.moto_fixes.request_view import READERS, view
from aws_simulator.moto_fixes.tagging import remember_tags
from aws_simulator.practice import Practice
from aws_simulator.world import World, new_id

TOKEN_LENGTH = 64
VALID_FOR = 7 * 24 * 3600.0  # EC2's default end of a request, simulated seconds


def apply(practice: Practice) -> None:
    world, market = practice.world, practice.market

    def request(response: Any, asked: Mapping[str, Any]) -> dict[str, Any]:
        region, key = response.region, _token_key(response.region, asked)
        known = world.tokens.earlier(key, asked)
        if known is None:
            made = _read(world, region, asked)
            remember_tags(region, asked, "spot-instances-request", [each.id for each in made])
            world.tokens.remember(key, asked, [each.id for each in made])
            answered = [view(each, region) for each in made]  # as they are before evaluation
            for each in made:
                market.ask(each)
            return {"SpotInstanceRequests": answered}
        requests = world.requests.get(region, {})
        return {"SpotInstanceRequests": [view(requests[i], region) for i in known if i in requests]}

    def describe(response: Any, asked: Mapping[str, Any]) -> dict[str, Any]:
        shown, token = page(
            _described(world, response.region, asked),
            lambda each: each.number,
            asked.get("MaxResults"),
            asked.get("NextToken"),
        )
        listed = [view(each, response.region) for each in shown]
        return {"SpotInstanceRequests": listed, "NextToken": token}

    def cancel(response: Any, asked: Mapping[str, Any]) -> dict[str, Any]:
        found = _by_id(world, response.region, asked.get("SpotInstanceRequestIds") or [])
        for each in found:
            market.cancel(each)
        return {
            "CancelledSpotInstanceRequests": [
                {"SpotInstanceRequestId": each.id, "State": each.state} for each in found
            ]
        }

    SpotInstances.request_spot_instances = answers(world, request)
    SpotInstances.describe_spot_instance_requests = answers(world, describe)
    SpotInstances.cancel_spot_instance_requests = answers(world, cancel)


def _token_key(region: str, asked: Mapping[str, Any]) -> tuple[str, str, str]:
    token = asked.get("ClientToken") or ""
    if len(token) > TOKEN_LENGTH:
        raise invalid_value(token, "ClientToken")
    return region, "RequestSpotInstances", token


def _described(world: World, region: str, asked: Mapping[str, Any]) -> list[SpotRequest]:
    if ids := asked.get("SpotInstanceRequestIds"):
        found = _by_id(world, region, ids)
    else:
        found = [r for r in world.requests.get(region, {}).values() if world.visible(r.created)]
    return chosen(found, filters_of(asked), READERS, tags_of(region))


def _by_id(world: World, region: str, ids: list[str]) -> list[SpotRequest]:
    requests = world.requests.get(region, {})
    missing = [i for i in ids if i not in requests or not world.visible(requests[i].created)]
    if missing:
        raise not_found("InvalidSpotInstanceRequestID.NotFound", "spot instance request", missing)
    return [requests[i] for i in ids]


def _read(world: World, region: str, asked: Mapping[str, Any]) -> list[SpotRequest]:
    """The requests of one call, checked and not yet entered."""
    specification = asked.get("LaunchSpecification") or {}
    no_vpc = region in world.knobs.regions_without_default_vpc
    launch, zones = read_launch(region, specification, "spot", no_vpc)
    count = asked.get("InstanceCount") or 1
    if count < 1:
        raise invalid_value(count, "InstanceCount")
    if not within_quota(
        world.knobs.spot_vcpu_quota,
        world.held_launches("spot"),
        region,
        launch.instance_type,
        count,
    ):
        raise Refusal("MaxSpotInstanceCountExceeded", "Max spot instance count exceeded")
    launch = replace(launch, client_token=asked.get("ClientToken") or "")
    return [_request(world, launch, zones, asked, specification) for _ in range(count)]


def _request(
    world: World,
    launch: Launch,
    zones: tuple[str, ...],
    asked: Mapping[str, Any],
    specification: Mapping[str, Any],
) -> SpotRequest:
    now = world.clock()
    return SpotRequest(
        id=new_id("sir", 8),
        number=world.next_number(),
        launch=launch,
        zones=zones,
        specification=dict(specification),
        created=now,
        updated=now,
        valid_until=_valid_until(world, asked),
        price=_price(launch, asked),
        kind=_kind(asked),
        launch_group=asked.get("LaunchGroup"),
    )


def _kind(asked: Mapping[str, Any]) -> str:
    kind: str = asked.get("Type") or "one-time"
    if kind == "persistent":
        raise Refusal("UnsupportedOperation", "Practice AWS does not play persistent requests.")
    if asked.get("InstanceInterruptionBehavior", "terminate") != "terminate":
        raise Refusal(
            "InvalidParameterCombination",
            "Only persistent requests may be stopped or hibernated on interruption.",
        )
    return kind


def _valid_until(world: World, asked: Mapping[str, Any]) -> float:
    until = asked.get("ValidUntil")
    if until is None:
        return world.clock() + world.simulated(VALID_FOR)
    seconds = float(until.timestamp())
    if seconds <= world.clock():
        raise Refusal("InvalidParameterValue", f"Spot request valid until {until} is in the past.")
    return seconds


def _price(launch: Launch, asked: Mapping[str, Any]) -> float:
    """The most the caller pays an hour; EC2's default is the on-demand price."""
    try:
        highest = float(
            asked.get("SpotPrice") or prices.on_demand(launch.instance_type, launch.region)
        )
    except ValueError as error:
        raise invalid_value(asked.get("SpotPrice"), "SpotPrice") from error
    if highest <= 0:
        raise invalid_value(asked.get("SpotPrice"), "SpotPrice")
    return highest
