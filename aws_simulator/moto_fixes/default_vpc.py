"""A region without a default VPC: some accounts have deleted it. A knob hides it."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend

from aws_simulator.practice import Practice


def apply(practice: Practice) -> None:
    world = practice.world

    def gone(backend: Any) -> bool:
        return backend.region_name in world.knobs.regions_without_default_vpc

    find_vpcs, find_subnets = EC2Backend.describe_vpcs, EC2Backend.describe_subnets

    def describe_vpcs(backend: Any, *args: Any, **kwargs: Any) -> list[Any]:
        found = find_vpcs(backend, *args, **kwargs)
        return [vpc for vpc in found if not (gone(backend) and _is(vpc.is_default))]

    def describe_subnets(backend: Any, *args: Any, **kwargs: Any) -> list[Any]:
        found = find_subnets(backend, *args, **kwargs)
        return [each for each in found if not (gone(backend) and _is(each.default_for_az))]

    EC2Backend.describe_vpcs = describe_vpcs
    EC2Backend.describe_subnets = describe_subnets


def _is(flag: object) -> bool:
    return str(flag).lower() == "true"
