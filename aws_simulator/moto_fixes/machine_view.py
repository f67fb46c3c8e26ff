"""A machine as DescribeInstances shows and filters it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID

from aws_simulator.ec2.machine import STATE_CODES, Machine
from aws_simulator.moto_fixes.answers import moment, tag_list, tags_of


def _group_ids(machine: Machine) -> list[str]:
    # A terminated machine has no network interface, hence no groups by that filter in EC2 for
    # long; the filter still finds it while it is listed, which is what reapers rely on.
    return [group_id for group_id, _ in machine.launch.groups]


def _group_names(machine: Machine) -> list[str]:
    return [name for _, name in machine.launch.groups]


READERS: dict[str, Callable[[Machine], Any]] = {
    "architecture": lambda m: m.launch.architecture,
    "availability-zone": lambda m: m.launch.zone,
    "client-token": lambda m: m.launch.client_token,
    "group-id": _group_ids,
    "group-name": _group_names,
    "image-id": lambda m: m.launch.image_id,
    "instance-id": lambda m: m.id,
    "instance-lifecycle": lambda m: "spot" if m.launch.lifecycle == "spot" else None,
    "instance-state-code": lambda m: STATE_CODES[m.state],
    "instance-state-name": lambda m: m.state,
    "instance-type": lambda m: m.launch.instance_type,
    "instance.group-id": _group_ids,
    "instance.group-name": _group_names,
    "ip-address": lambda m: m.public_ip,
    "key-name": lambda m: m.launch.key_name,
    "launch-time": lambda m: moment(m.born),
    "network-interface.group-id": _group_ids,
    "owner-id": lambda m: DEFAULT_ACCOUNT_ID,
    "private-ip-address": lambda m: m.private_ip,
    "reservation-id": lambda m: m.reservation_id,
    "spot-instance-request-id": lambda m: m.request_id,
    "subnet-id": lambda m: m.launch.subnet_id,
    "vpc-id": lambda m: m.launch.vpc_id,
}


def state_of(machine: Machine) -> dict[str, Any]:
    return {"Code": STATE_CODES[machine.state], "Name": machine.state}


def view(machine: Machine, region: str) -> dict[str, Any]:
    """The shape of Instance in EC2's API."""
    launch = machine.launch
    code, message = machine.reason
    return {
        "InstanceId": machine.id,
        "State": state_of(machine),
        "StateReason": {"Code": code, "Message": message} if code else None,
        "StateTransitionReason": machine.transition,
        "InstanceLifecycle": "spot" if launch.lifecycle == "spot" else None,
        "SpotInstanceRequestId": machine.request_id,
        "ClientToken": launch.client_token,
        "LaunchTime": moment(machine.born),
        "ImageId": launch.image_id,
        "InstanceType": launch.instance_type,
        "Architecture": launch.architecture,
        "KeyName": launch.key_name,
        "AmiLaunchIndex": machine.index,
        "RootDeviceName": launch.root_device,
        "RootDeviceType": "ebs",
        "VirtualizationType": "hvm",
        "Hypervisor": "xen",
        "EbsOptimized": False,
        "SourceDestCheck": True,
        "Monitoring": {"State": "disabled"},
        "Placement": {"AvailabilityZone": launch.zone, "GroupName": "", "Tenancy": "default"},
        "SecurityGroups": [{"GroupId": i, "GroupName": name} for i, name in launch.groups],
        "Tags": tag_list(tags_of(region)(machine)),
        **_addresses(machine),
    }


def _addresses(machine: Machine) -> dict[str, Any]:
    if not machine.private_ip:
        return {"PrivateDnsName": "", "PublicDnsName": ""}
    launch = machine.launch
    return {
        "SubnetId": launch.subnet_id,
        "VpcId": launch.vpc_id,
        "PrivateIpAddress": machine.private_ip,
        "PrivateDnsName": f"{host_name(machine)}.{launch.region}.compute.internal",
        "PublicIpAddress": machine.public_ip,
        "PublicDnsName": "",
    }


def host_name(machine: Machine) -> str:
    return "ip-" + machine.private_ip.replace(".", "-")
