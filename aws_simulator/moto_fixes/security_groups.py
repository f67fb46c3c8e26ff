"""Security groups: seen a little later when told so, kept while a machine uses them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import EC2Backend
from moto.ec2.responses.security_groups import SecurityGroups

from aws_simulator.ec2.errors import Refusal
from aws_simulator.practice import Practice
from aws_simulator.world import World


def apply(practice: Practice) -> None:
    world = practice.world
    create, find = EC2Backend.create_security_group, EC2Backend.get_security_group_from_id
    describe, delete = SecurityGroups.describe_security_groups, SecurityGroups.delete_security_group

    def create_group(backend: Any, *args: Any, **kwargs: Any) -> Any:
        vpc_id = kwargs.get("vpc_id")
        if not vpc_id and backend.region_name in world.knobs.regions_without_default_vpc:
            raise Refusal("VPCIdNotSpecified", "No default VPC for this user")
        group = create(backend, *args, **kwargs)
        world.group_births.setdefault(group.id, world.clock())
        return group

    def find_group(backend: Any, group_id: str) -> Any:
        return None if _too_young(world, group_id) else find(backend, group_id)

    def describe_groups(response: Any) -> ActionResult:
        asked: Mapping[str, Any] = response.params
        for group_id in asked.get("GroupIds") or []:
            if find_group(response.ec2_backend, group_id) is None:
                raise Refusal(
                    "InvalidGroup.NotFound", f"The security group '{group_id}' does not exist"
                )
        groups = describe(response).result["SecurityGroups"]
        return ActionResult({"SecurityGroups": [g for g in groups if not _too_young(world, g.id)]})

    def delete_group(response: Any) -> Any:
        _must_be_unused(world, response.region, response.params)
        return delete(response)

    EC2Backend.create_security_group = create_group
    EC2Backend.get_security_group_from_id = find_group
    SecurityGroups.describe_security_groups = describe_groups
    SecurityGroups.delete_security_group = delete_group


def _too_young(world: World, group_id: str) -> bool:
    age = world.clock() - world.group_births.get(group_id, 0.0)
    return age < world.knobs.group_visible_delay


def _must_be_unused(world: World, region: str, asked: Mapping[str, Any]) -> None:
    wanted = asked.get("GroupId") or asked.get("GroupName")
    for machine in world.machines.get(region, {}).values():
        if machine.state != "terminated" and any(wanted in pair for pair in machine.launch.groups):
            raise Refusal("DependencyViolation", f"resource {wanted} has a dependent object")
