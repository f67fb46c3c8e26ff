"""From an order to the parameters of the one call that makes a machine."""

import base64
from datetime import UTC, datetime

from webapp.cloud.interface import Order, Parameters


def spot_parameters(order: Order) -> Parameters:
    """RequestSpotInstances: one-time, one machine, no tags, no profile (the permissions that the
    documentation names cover neither). A price is only named when there is a maximum."""
    launch: Parameters = {
        "ImageId": order.image_id,
        "InstanceType": order.instance_type,
        "SecurityGroupIds": [order.group_id],
        "SubnetId": order.subnet_id,
        "UserData": base64.b64encode(order.user_data.encode()).decode(),
    }
    call: Parameters = {
        "ClientToken": order.token,
        "InstanceCount": 1,
        "Type": "one-time",
        "InstanceInterruptionBehavior": "terminate",
        "ValidUntil": datetime.fromtimestamp(order.valid_until / 1000, UTC),
        "LaunchSpecification": {**launch, **_volume(order)},
    }
    if order.maximum_price is not None:
        call["SpotPrice"] = f"{order.maximum_price:f}"
    return call


def on_demand_parameters(order: Order) -> Parameters:
    """RunInstances. boto3 encodes the user data of this call itself."""
    return {
        "ClientToken": order.token,
        "MinCount": 1,
        "MaxCount": 1,
        "ImageId": order.image_id,
        "InstanceType": order.instance_type,
        "SecurityGroupIds": [order.group_id],
        "SubnetId": order.subnet_id,
        "UserData": order.user_data,
        "InstanceInitiatedShutdownBehavior": "terminate",
        "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 2},
        **_volume(order),
    }


def _volume(order: Order) -> Parameters:
    ebs: Parameters = {}
    if order.volume_gib is not None:
        ebs["VolumeSize"] = order.volume_gib
    if order.encrypted is not None:
        ebs["Encrypted"] = order.encrypted
    if not ebs:
        return {}
    device = {"DeviceName": order.root_device, "Ebs": {**ebs, "DeleteOnTermination": True}}
    return {"BlockDeviceMappings": [device]}
