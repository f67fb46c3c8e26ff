"""DescribeImages: today's Ubuntu and GPU images. moto's list ends in 2017."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.ec2.responses.amis import AmisResponse

from aws_simulator.ec2.errors import Refusal
from aws_simulator.ec2.filters import chosen
from aws_simulator.ec2.images import Image, images
from aws_simulator.moto_fixes.answers import filters_of
from aws_simulator.moto_fixes.rendering import Answer
from aws_simulator.practice import Practice

READERS = {
    "architecture": lambda i: i.architecture,
    "creation-date": lambda i: _date(i),
    "image-id": lambda i: i.id,
    "image-type": lambda i: "machine",
    "is-public": lambda i: True,
    "name": lambda i: i.name,
    "owner-alias": lambda i: i.alias,
    "owner-id": lambda i: i.owner,
    "root-device-type": lambda i: "ebs",
    "state": lambda i: "available",
    "virtualization-type": lambda i: "hvm",
    "hypervisor": lambda i: "xen",
    "block-device-mapping.volume-type": lambda i: "gp3",
    "ena-support": lambda i: True,
}


def apply(practice: Practice) -> None:
    def describe(response: Any) -> Answer:
        asked: Mapping[str, Any] = response.params
        known = images(response.region)
        ids, owners = asked.get("ImageIds") or list(known), asked.get("Owners") or []
        for each in ids:
            if each not in known:
                raise Refusal("InvalidAMIID.NotFound", f"The image id '[{each}]' does not exist")
        found = chosen([known[each] for each in ids], filters_of(asked), READERS)
        if owners:
            found = [image for image in found if image.owner in owners or image.alias in owners]
        return Answer({"Images": [_view(image) for image in found]})

    AmisResponse.describe_images = describe


def _date(image: Image) -> str:
    return image.created.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _view(image: Image) -> dict[str, Any]:
    return {
        "ImageId": image.id,
        "Name": image.name,
        "Description": image.description,
        "OwnerId": image.owner,
        "ImageOwnerAlias": image.alias,
        "Architecture": image.architecture,
        "CreationDate": image.created,
        "State": "available",
        "Public": True,
        "ImageType": "machine",
        "RootDeviceName": image.root_device,
        "RootDeviceType": "ebs",
        "VirtualizationType": "hvm",
        "Hypervisor": "xen",
        "EnaSupport": True,
        "PlatformDetails": "Linux/UNIX",
        "BlockDeviceMappings": [
            {
                "DeviceName": image.root_device,
                "Ebs": {"VolumeSize": 8, "VolumeType": "gp3", "DeleteOnTermination": True},
            }
        ],
    }
