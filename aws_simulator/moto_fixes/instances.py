"""DescribeInstances, DescribeInstanceStatus, TerminateInstances.

moto's machines run at once and are terminated at once; theirs know no spot request, no
client token, and never vanish.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2.responses.instances import InstanceResponse

from aws_simulator.ec2.errors import Refusal, not_found
from aws_simulator.ec2.filters import chosen
from aws_simulator.ec2.machine import Machine
from aws_simulator.ec2.pages import page
from aws_simulator.moto_fixes.answers import answers, filters_of, tags_of
from aws_simulator.moto_fixes.machine_view import READERS, state_of, view
from aws_simulator.practice import Practice
from aws_simulator.world import World

WELL_FORMED = re.compile(r"i-([0-9a-f]{8}|[0-9a-f]{17})")


def apply(practice: Practice) -> None:
    world, lifecycle = practice.world, practice.lifecycle

    def describe(response: Any, asked: Mapping[str, Any]) -> dict[str, Any]:
        shown, token = _page(world, response.region, asked)
        return {"Reservations": reservations(shown, response.region), "NextToken": token}

    def status(response: Any, asked: Mapping[str, Any]) -> dict[str, Any]:
        shown, token = _page(world, response.region, asked)
        everything = asked.get("IncludeAllInstances")
        listed = [_status(each) for each in shown if everything or each.state == "running"]
        return {"InstanceStatuses": listed, "NextToken": token}

    def terminate(response: Any, asked: Mapping[str, Any]) -> dict[str, Any]:
        # One bad id and none is terminated: looked up before anything happens.
        found = by_id(world, response.region, asked.get("InstanceIds") or [])
        before = [state_of(each) for each in found]
        for each in found:
            lifecycle.terminate(each)
        return {
            "TerminatingInstances": [
                {"InstanceId": each.id, "CurrentState": state_of(each), "PreviousState": old}
                for each, old in zip(found, before, strict=True)
            ]
        }

    InstanceResponse.describe_instances = answers(world, describe)
    InstanceResponse.describe_instance_status = answers(world, status)
    InstanceResponse.terminate_instances = answers(world, terminate)


def by_id(world: World, region: str, ids: list[str]) -> list[Machine]:
    """Machines of a region that can be seen; NotFound or Malformed otherwise."""
    machines = world.machines.get(region, {})
    for each in ids:
        if not WELL_FORMED.fullmatch(each):
            raise Refusal("InvalidInstanceID.Malformed", f'Invalid id: "{each}"')
    missing = [i for i in ids if i not in machines or not world.visible(machines[i].born)]
    if missing:
        raise not_found("InvalidInstanceID.NotFound", "instance", missing)
    return [machines[i] for i in dict.fromkeys(ids)]


def _page(world: World, region: str, asked: Mapping[str, Any]) -> tuple[list[Machine], str | None]:
    ids, most = asked.get("InstanceIds"), asked.get("MaxResults")
    if ids and most:
        raise Refusal(
            "InvalidParameterCombination",
            "The parameter instancesSet cannot be used with the parameter maxResults",
        )
    found: Iterable[Machine]
    if ids:
        found = by_id(world, region, ids)
    else:
        found = (m for m in world.machines.get(region, {}).values() if world.visible(m.born))
    matching = chosen(found, filters_of(asked), READERS, tags_of(region))
    matching.sort(key=lambda machine: machine.number)
    return page(matching, lambda machine: machine.number, most, asked.get("NextToken"))


def reservations(machines: Iterable[Machine], region: str) -> list[dict[str, Any]]:
    grouped: dict[str, list[Machine]] = {}
    for machine in machines:
        grouped.setdefault(machine.reservation_id, []).append(machine)
    return [
        {
            "ReservationId": reservation_id,
            "OwnerId": DEFAULT_ACCOUNT_ID,
            "Groups": [],
            "Instances": [view(machine, region) for machine in members],
        }
        for reservation_id, members in grouped.items()
    ]


def _status(machine: Machine) -> dict[str, Any]:
    word = "ok" if machine.state == "running" else "not-applicable"
    return {
        "InstanceId": machine.id,
        "AvailabilityZone": machine.launch.zone,
        "InstanceState": state_of(machine),
        "InstanceStatus": {"Status": word},
        "SystemStatus": {"Status": word},
    }
