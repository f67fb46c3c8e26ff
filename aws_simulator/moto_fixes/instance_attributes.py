"""DescribeInstanceAttribute for the attributes a launch sets."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from moto.ec2.responses.instances import InstanceResponse

from aws_simulator.ec2.errors import invalid_value
from aws_simulator.ec2.machine import Machine
from aws_simulator.moto_fixes.answers import answers
from aws_simulator.moto_fixes.instances import by_id
from aws_simulator.practice import Practice


def _user_data(machine: Machine) -> dict[str, Any]:
    encoded = base64.b64encode(machine.launch.user_data).decode()
    return {"UserData": {"Value": encoded} if encoded else {}}


READ: dict[str, Callable[[Machine], dict[str, Any]]] = {
    "userData": _user_data,
    "instanceType": lambda m: {"InstanceType": {"Value": m.launch.instance_type}},
    "rootDeviceName": lambda m: {"RootDeviceName": {"Value": m.launch.root_device}},
    "groupSet": lambda m: {"Groups": [{"GroupId": i, "GroupName": n} for i, n in m.launch.groups]},
    "instanceInitiatedShutdownBehavior": lambda m: {
        "InstanceInitiatedShutdownBehavior": {"Value": m.launch.shutdown_behavior}
    },
}


def apply(practice: Practice) -> None:
    world = practice.world

    def describe(response: Any, asked: Mapping[str, Any]) -> dict[str, Any]:
        attribute = asked.get("Attribute") or ""
        if attribute not in READ:
            raise invalid_value(attribute, "attribute")
        machine = by_id(world, response.region, [asked["InstanceId"]])[0]
        return {"InstanceId": machine.id, **READ[attribute](machine)}

    InstanceResponse.describe_instance_attribute = answers(world, describe)
