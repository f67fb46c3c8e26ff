"""Subnets and security groups of moto, asked the way a launch needs them."""

from __future__ import annotations

import ipaddress
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2.models import ec2_backends

from aws_simulator.ec2.errors import Refusal, not_found


def backend(region: str) -> Any:
    return ec2_backends[DEFAULT_ACCOUNT_ID][region]


def zone_names(region: str) -> list[str]:
    return [zone.name for zone in backend(region).describe_availability_zones()]


def subnet(region: str, subnet_id: str) -> Any:
    for found in backend(region).describe_subnets():
        if found.id == subnet_id:
            return found
    raise not_found("InvalidSubnetID.NotFound", "subnet", [subnet_id])


def default_subnets(region: str, hidden: bool) -> dict[str, Any]:
    """The default subnet of each zone; `hidden` when the account has no default VPC."""
    subnets = {} if hidden else {s.availability_zone: s for s in _defaults(region)}
    if not subnets:
        raise Refusal(
            "MissingInput",
            "No subnets found for the default VPC. Please specify a subnet.",
        )
    return subnets


def _defaults(region: str) -> list[Any]:
    return [s for s in backend(region).describe_subnets() if str(s.default_for_az) == "True"]


def groups(
    region: str, ids: list[str], names: list[str], vpc_id: str
) -> tuple[tuple[str, str], ...]:
    """(id, name) of each; the group called "default" when none is asked for."""
    found = [_group_by_id(region, each, vpc_id) for each in ids]
    found += [_group_by_name(region, each, vpc_id) for each in names]
    if not found:
        found = [_group_by_name(region, "default", vpc_id)]
    return tuple((group.id, group.name) for group in found)


def _group_by_id(region: str, group_id: str, vpc_id: str) -> Any:
    group = backend(region).get_security_group_from_id(group_id)
    if group is None:
        raise Refusal("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist")
    if group.vpc_id != vpc_id:
        raise Refusal(
            "InvalidParameter",
            f"Security group {group_id} and the subnet belong to different networks.",
        )
    return group


def _group_by_name(region: str, name: str, vpc_id: str) -> Any:
    group = backend(region).get_security_group_from_name(name, vpc_id)
    if group is None:
        raise Refusal(
            "InvalidGroup.NotFound",
            f"The security group '{name}' does not exist in VPC '{vpc_id}'",
        )
    return group


def private_ip(cidr: str, number: int) -> str:
    """An address of the subnet for the machine with this number; the first four are AWS's."""
    network = ipaddress.ip_network(cidr)
    return str(network[4 + number % (network.num_addresses - 5)])


def public_ip(number: int) -> str:
    """From 198.18.0.0/15, which is reserved for tests and routed nowhere."""
    return str(ipaddress.ip_network("198.18.0.0/15")[1 + number % 131_000])
