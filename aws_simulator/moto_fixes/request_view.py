"""A spot request as DescribeSpotInstanceRequests shows and filters it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aws_simulator.ec2.spot_request import SpotRequest
from aws_simulator.moto_fixes.answers import moment, tag_list, tags_of

#: Echoed as they were asked for. User data are not: EC2 does not show them here.
ECHOED = ("BlockDeviceMappings", "EbsOptimized", "IamInstanceProfile", "KeyName", "Placement")

READERS: dict[str, Callable[[SpotRequest], Any]] = {
    "create-time": lambda r: moment(r.created),
    "instance-id": lambda r: r.machine_id,
    "launch-group": lambda r: r.launch_group,
    "launch.group-id": lambda r: [group_id for group_id, _ in r.launch.groups],
    "launch.group-name": lambda r: [name for _, name in r.launch.groups],
    "launch.image-id": lambda r: r.launch.image_id,
    "launch.instance-type": lambda r: r.launch.instance_type,
    "launch.key-name": lambda r: r.launch.key_name,
    "launched-availability-zone": lambda r: r.launched_zone,
    "network-interface.subnet-id": lambda r: r.launch.subnet_id,
    "product-description": lambda r: "Linux/UNIX",
    "spot-instance-request-id": lambda r: r.id,
    "spot-price": lambda r: f"{r.price:.6f}",
    "state": lambda r: r.state,
    "status-code": lambda r: r.code,
    "status-message": lambda r: r.message,
    "type": lambda r: r.kind,
}


def view(request: SpotRequest, region: str) -> dict[str, Any]:
    """The shape of SpotInstanceRequest in EC2's API."""
    return {
        "SpotInstanceRequestId": request.id,
        "CreateTime": moment(request.created),
        "ValidUntil": moment(request.valid_until),
        "State": request.state,
        "Status": {
            "Code": request.code,
            "Message": request.message,
            "UpdateTime": moment(request.updated),
        },
        "InstanceId": request.machine_id,
        "LaunchedAvailabilityZone": request.launched_zone,
        "LaunchGroup": request.launch_group,
        "SpotPrice": f"{request.price:.6f}",
        "Type": request.kind,
        "ProductDescription": "Linux/UNIX",
        "InstanceInterruptionBehavior": "terminate",
        "LaunchSpecification": _specification(request),
        "Tags": tag_list(tags_of(region)(request)),
    }


def _specification(request: SpotRequest) -> dict[str, Any]:
    launch = request.launch
    return {
        **{name: request.specification.get(name) for name in ECHOED},
        "ImageId": launch.image_id,
        "InstanceType": launch.instance_type,
        "SubnetId": request.specification.get("SubnetId"),
        "SecurityGroups": [{"GroupId": i, "GroupName": name} for i, name in launch.groups],
        "Monitoring": {"Enabled": False},
    }
