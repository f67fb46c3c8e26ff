"""The shapes in which EC2 answers."""

import base64
from datetime import UTC, datetime
from typing import Any

from tests.simulation.aws.region import PRICES, TYPES, Region
from tests.simulation.aws.things import Look, Thing


def filters(asked: dict[str, Any]) -> dict[str, list[str]]:
    """Name -> values."""
    return {each["Name"]: each["Values"] for each in asked.get("Filters", [])}


def matches(thing: Thing, look: Look, wanted: dict[str, list[str]]) -> bool:
    """A terminated machine has left its group."""
    if "instance-id" in wanted:
        return thing.id in wanted["instance-id"]
    if not wanted:
        return True
    groups = wanted.get("instance.group-id") or wanted.get("launch.group-id") or []
    return thing.group_id in groups and look.state != "terminated"


def machine(thing: Thing, look: Look) -> dict[str, Any]:
    """Of DescribeInstances and RunInstances."""
    return {
        "InstanceId": thing.id,
        "State": {"Name": look.state},
        "InstanceType": thing.instance_type,
        "Placement": {"AvailabilityZone": thing.zone},
        "LaunchTime": _datetime(thing.created_at),
        "SpotInstanceRequestId": thing.request_id,
        "ClientToken": thing.token if thing.request_id is None else "",
        "StateReason": {"Code": look.message.partition(":")[0], "Message": look.message},
    }


def request(thing: Thing, look: Look) -> dict[str, Any]:
    """Of DescribeSpotInstanceRequests and RequestSpotInstances."""
    return {
        "SpotInstanceRequestId": thing.id,
        "State": look.state,
        "Status": {"Code": look.code, "Message": look.message},
        "LaunchSpecification": {"InstanceType": thing.instance_type},
        "LaunchedAvailabilityZone": look.zone,
        "CreateTime": _datetime(thing.created_at),
        "ValidUntil": _datetime(thing.valid_until or 0),
        "InstanceId": look.machine_id,
    }


def images(asked: dict[str, Any]) -> dict[str, Any]:
    """One image that fits whatever was asked."""
    names = filters(asked).get("name", [""])
    gpu = "Deep Learning" in names[0]
    name = (
        "Deep Learning Base OSS Nvidia Driver GPU AMI (Ubuntu 22.04) 20251001"
        if gpu
        else "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20251001"
    )
    image_id = asked.get("ImageIds", ["ami-gpu" if gpu else "ami-ubuntu"])[0]
    row = {"ImageId": image_id, "Name": name, "CreationDate": "2025-10-01T00:00:00.000Z"}
    return {"Images": [{**row, "RootDeviceName": "/dev/sda1"}]}


def catalogue(operation: str, region: Region, asked: dict[str, Any]) -> tuple[str, list[Any]]:
    """Name of the list and its rows, of the describing calls that never lag."""
    if operation == "describe_images":
        return "Images", images(asked)["Images"]
    if operation == "describe_subnets":
        zones = region.zones
        return "Subnets", [{"AvailabilityZone": z, "SubnetId": f"subnet-{z}"} for z in zones]
    if operation == "describe_instance_types":
        return "InstanceTypes", [_type(name, *size) for name, size in TYPES.items()]
    if operation == "describe_instance_type_offerings":
        pairs = [(name, zone) for name in TYPES for zone in region.zones]
        return "InstanceTypeOfferings", [{"InstanceType": t, "Location": z} for t, z in pairs]
    if operation == "describe_spot_price_history":
        return "SpotPriceHistory", [
            _price(name, zone, asked) for name in asked["InstanceTypes"] for zone in region.zones
        ]
    raise AttributeError(operation)


def decoded(user_data: str) -> str:
    """RequestSpotInstances takes it in base64."""
    return base64.b64decode(user_data).decode()


def _type(name: str, vcpus: int, memory: int, gpus: int) -> dict[str, Any]:
    gpu = {"Name": "T4", "Count": gpus, "MemoryInfo": {"SizeInMiB": 16384}}
    return {
        "InstanceType": name,
        "VCpuInfo": {"DefaultVCpus": vcpus},
        "MemoryInfo": {"SizeInMiB": memory},
        "GpuInfo": {"Gpus": [gpu] * bool(gpus)},
        "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]},
        "SupportedUsageClasses": ["spot", "on-demand"],
    }


def _price(name: str, zone: str, asked: dict[str, Any]) -> dict[str, Any]:
    price = PRICES[name] * (1.1 if zone.endswith("b") else 1)
    row = {"AvailabilityZone": zone, "InstanceType": name, "SpotPrice": f"{price:f}"}
    return {**row, "Timestamp": asked["StartTime"]}


def _datetime(moment: int) -> datetime:
    return datetime.fromtimestamp(moment / 1000, UTC)
