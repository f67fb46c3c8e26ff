"""From the parameters of a call to a `Launch`, or EC2's refusal."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from aws_simulator.ec2 import networks, types
from aws_simulator.ec2.errors import Refusal, invalid_value
from aws_simulator.ec2.images import Image, images
from aws_simulator.ec2.machine import Launch

USER_DATA_LIMIT = 16 * 1024  # bytes before base64


def read_launch(
    region: str, asked: Mapping[str, Any], lifecycle: str, no_default_vpc: bool
) -> tuple[Launch, tuple[str, ...]]:
    """The launch, and the zones it may be placed in (the launch itself names the first).

    `asked` has the shape of RunInstances or of RequestSpotInstances' LaunchSpecification.
    """
    image = _image(region, asked.get("ImageId"))
    name = asked.get("InstanceType") or "m1.small"
    _check_type(region, name, image, lifecycle)
    zones, subnets = _places(region, asked, no_default_vpc)
    zones = _offering(region, name, zones)
    subnet, interface = subnets[zones[0]], _interface(asked)
    return Launch(
        region=region,
        zone=zones[0],
        subnet_id=subnet.id,
        vpc_id=subnet.vpc_id,
        instance_type=name,
        vcpus=types.vcpus(name),
        image_id=image.id,
        architecture=image.architecture,
        root_device=image.root_device,
        groups=_groups(region, asked, interface, subnet.vpc_id),
        user_data=_user_data(asked.get("UserData")),
        key_name=asked.get("KeyName"),
        public_ip=_wants_public_ip(interface, subnet),
        lifecycle=lifecycle,
        block_devices=tuple(asked.get("BlockDeviceMappings") or ()),
    ), zones


def _image(region: str, image_id: str | None) -> Image:
    if not image_id:
        raise Refusal("MissingParameter", "The request must contain the parameter ImageId")
    if not image_id.startswith("ami-"):
        raise Refusal("InvalidAMIID.Malformed", f'Invalid id: "{image_id}" (expecting "ami-...")')
    if image_id not in images(region):
        raise Refusal("InvalidAMIID.NotFound", f"The image id '[{image_id}]' does not exist")
    return images(region)[image_id]


def _check_type(region: str, name: str, image: Image, lifecycle: str) -> None:
    if not types.known(name):
        raise invalid_value(name, "InstanceType")
    if name not in types.offered_types(region) or lifecycle not in types.usage_classes(name):
        raise Refusal(
            "Unsupported",
            "The requested configuration is currently not supported. Please check the "
            "documentation for supported configurations.",
        )
    if image.architecture not in types.architectures(name):
        raise Refusal(
            "InvalidParameterValue",
            f"The architecture '{', '.join(types.architectures(name))}' of the specified instance "
            f"type does not match the architecture '{image.architecture}' of the specified AMI.",
        )


def _places(
    region: str, asked: Mapping[str, Any], no_default_vpc: bool
) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Zones in order of preference, and the subnet of each."""
    subnet_id = asked.get("SubnetId") or _interface(asked).get("SubnetId")
    zone = (asked.get("Placement") or {}).get("AvailabilityZone")
    if zone and zone not in networks.zone_names(region):
        raise Refusal("InvalidParameterValue", f"Invalid availability zone: [{zone}]")
    if subnet_id:
        subnet = networks.subnet(region, subnet_id)
        if zone and zone != subnet.availability_zone:
            raise Refusal(
                "InvalidParameterValue",
                f"The availability zone '{zone}' does not match the subnet '{subnet_id}'.",
            )
        return (subnet.availability_zone,), {subnet.availability_zone: subnet}
    subnets = networks.default_subnets(region, no_default_vpc)
    if zone and zone not in subnets:
        raise Refusal("MissingInput", f"No default subnet for availability zone: '{zone}'.")
    return ((zone,) if zone else tuple(sorted(subnets))), subnets


def _offering(region: str, name: str, zones: tuple[str, ...]) -> tuple[str, ...]:
    offered = types.zones_offering(region, name)
    left = tuple(zone for zone in zones if zone in offered)
    if not left:
        raise Refusal(
            "Unsupported",
            f"Your requested instance type ({name}) is not supported in your requested "
            f"Availability Zone ({', '.join(zones)}). Please retry your request by not specifying "
            f"an Availability Zone or choosing {', '.join(offered)}.",
        )
    return left


def _interface(asked: Mapping[str, Any]) -> Mapping[str, Any]:
    interfaces = asked.get("NetworkInterfaces") or [{}]
    first: Mapping[str, Any] = interfaces[0]
    return first


def _groups(
    region: str, asked: Mapping[str, Any], interface: Mapping[str, Any], vpc_id: str
) -> tuple[tuple[str, str], ...]:
    ids = list(asked.get("SecurityGroupIds") or []) + list(interface.get("Groups") or [])
    return networks.groups(region, ids, list(asked.get("SecurityGroups") or []), vpc_id)


def _wants_public_ip(interface: Mapping[str, Any], subnet: Any) -> bool:
    asked = interface.get("AssociatePublicIpAddress")
    return bool(subnet.map_public_ip_on_launch) if asked is None else bool(asked)


def _user_data(encoded: Any) -> bytes:
    if not encoded:
        return b""
    try:
        decoded = base64.b64decode(str(encoded), validate=True)
    except (ValueError, binascii.Error) as error:
        raise Refusal("InvalidParameterValue", "Invalid BASE64 encoding of user data.") from error
    if len(decoded) > USER_DATA_LIMIT:
        raise Refusal("InvalidParameterValue", f"User data is limited to {USER_DATA_LIMIT} bytes")
    return decoded
