"""DescribeSpotPriceHistory: believable prices that move. moto's are all 0.00001, of 2006."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from moto.ec2.responses.spot_instances import SpotInstances

from aws_simulator.ec2 import prices, types
from aws_simulator.ec2.filters import chosen
from aws_simulator.ec2.pages import page_of_stream
from aws_simulator.moto_fixes.answers import filters_of, moment
from aws_simulator.moto_fixes.rendering import Answer
from aws_simulator.practice import Practice
from aws_simulator.world import World

LONGEST = 90 * 24 * 3600.0  # EC2 keeps 90 days; simulated seconds
PRODUCTS = {"Linux/UNIX": 1.0, "Windows": 1.9}  # price factor

Place = tuple[str, str, str]  # type, zone, product
PLACES = {
    "instance-type": lambda place: place[0],
    "availability-zone": lambda place: place[1],
    # EC2 takes the old names with "(Amazon VPC)" for the same thing.
    "product-description": lambda place: [place[2], f"{place[2]} (Amazon VPC)"],
}


def apply(practice: Practice) -> None:
    world = practice.world

    def describe(response: Any) -> Answer:
        asked: Mapping[str, Any] = response.params
        points = _points(world, _places(response.region, asked), asked)
        shown, token = page_of_stream(points, asked.get("MaxResults"), asked.get("NextToken"))
        return Answer({"SpotPriceHistory": shown, "NextToken": token or ""})

    SpotInstances.describe_spot_price_history = describe


def _places(region: str, asked: Mapping[str, Any]) -> list[Place]:
    names = asked.get("InstanceTypes") or sorted(types.offered_types(region))
    zone, products = asked.get("AvailabilityZone"), asked.get("ProductDescriptions")
    places = [
        (name, each, product)
        for name in names
        for each in types.zones_offering(region, name)
        for product in PRODUCTS
        if "spot" in types.usage_classes(name)
    ]
    wanted = filters_of(asked)
    if zone:
        wanted["availability-zone"] = [zone]
    if products:
        wanted["product-description"] = products
    return chosen(places, wanted, PLACES)


def _points(
    world: World, places: list[Place], asked: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    now = world.clock()
    oldest = now - world.simulated(LONGEST)
    start = max(_seconds(asked.get("StartTime"), oldest), oldest)
    end = min(_seconds(asked.get("EndTime"), now), now)
    # A start in the future asks for the price of now.
    start = min(start, end)
    for name, zone, product in places:
        for since, price in prices.history(name, zone, start, end, world.timescale):
            yield {
                "InstanceType": name,
                "AvailabilityZone": zone,
                "ProductDescription": product,
                "SpotPrice": f"{price * PRODUCTS[product]:.6f}",
                "Timestamp": moment(since),
            }


def _seconds(moment_asked: Any, otherwise: float) -> float:
    return otherwise if moment_asked is None else float(moment_asked.timestamp())
