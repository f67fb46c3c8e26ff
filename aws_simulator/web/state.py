"""GET /state: everything there is to know, as JSON."""

from __future__ import annotations

from typing import Any

from aws_simulator.ec2.machine import Machine
from aws_simulator.ec2.spot_request import SpotRequest
from aws_simulator.machines.power import Power
from aws_simulator.machines.room import Room
from aws_simulator.world import World


def state(world: World, room: Room, power: Power, faults: list[dict[str, Any]]) -> dict[str, Any]:
    """`peaks` is by "region/type/lifecycle", `group_peaks` by security group id."""
    with world.lock:
        machines = [machine_state(world, room, power, m) for m in world.all_machines()]
        requests = [request_state(r) for r in world.all_requests()]
        return {
            "now": world.clock(),
            "timescale": world.timescale,
            "regions": sorted({m["region"] for m in machines} | {r["region"] for r in requests}),
            "instances": machines,
            "requests": requests,
            "open_requests": [r for r in requests if r["state"] == "open"],
            "knobs": world.knobs.as_dict(),
            "faults": faults,
            "peaks": world.tally.peaks("kind:"),
            "group_peaks": world.tally.peaks("group:"),
            "calls": world.journal.calls(),
            "calls_by_region": world.journal.calls_by_region(),
            "events": world.journal.events(),
        }


def machine_state(world: World, room: Room, power: Power, machine: Machine) -> dict[str, Any]:
    launch, computer = machine.launch, room.computers.get(machine.id)
    return {
        "id": machine.id,
        "region": launch.region,
        "zone": launch.zone,
        "type": launch.instance_type,
        "lifecycle": launch.lifecycle,
        "state": machine.state,
        "reason": machine.reason[0],
        "request": machine.request_id,
        "groups": [group_id for group_id, _ in launch.groups],
        "client_token": launch.client_token,
        "age": world.clock() - machine.born,
        "notice": machine.notice,
        "shutdown_at": power.due_at(machine.id),
        "pid": computer.tree.pid if computer else None,
        "alive": computer.tree.alive if computer else False,
        "hung": computer.hung if computer else False,
        "crashed": computer.crashed if computer else False,
        "user_data": computer.outcome if computer else "",
        "folder": str(computer.folder) if computer else None,
        "console": str(computer.console) if computer else None,
        "metadata": room.metadata_url(machine.id),
    }


def request_state(request: SpotRequest) -> dict[str, Any]:
    return {
        "id": request.id,
        "region": request.launch.region,
        "type": request.launch.instance_type,
        "state": request.state,
        "code": request.code,
        "may_fill": request.may_fill,
        "instance": request.machine_id,
        "client_token": request.launch.client_token,
        "groups": [group_id for group_id, _ in request.launch.groups],
        "created": request.created,
        "valid_until": request.valid_until,
    }
