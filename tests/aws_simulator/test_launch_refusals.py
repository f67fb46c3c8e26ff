"""What EC2 refuses to launch, with its codes; nothing exists afterwards."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.aws_simulator.cloud import Cloud, refusal

HUGE = base64.b64encode(b"#!/bin/sh\n" + b"#" * 16 * 1024).decode()
REFUSED = {
    "an unknown group": ({"SecurityGroupIds": ["sg-0123456789abcdef0"]}, "InvalidGroup.NotFound"),
    "an unknown group name": ({"SecurityGroups": ["nobody"]}, "InvalidGroup.NotFound"),
    "an unknown image": ({"ImageId": "ami-0123456789abcdef0"}, "InvalidAMIID.NotFound"),
    "a malformed image": ({"ImageId": "ubuntu"}, "InvalidAMIID.Malformed"),
    "an unknown type": ({"InstanceType": "m5.enormous"}, "InvalidParameterValue"),
    "a type of other architecture": ({"InstanceType": "m6g.large"}, "InvalidParameterValue"),
    "an unknown subnet": ({"SubnetId": "subnet-0123456789abcdef0"}, "InvalidSubnetID.NotFound"),
    "a zone elsewhere": (
        {"Placement": {"AvailabilityZone": "us-east-1a"}},
        "InvalidParameterValue",
    ),
    "too much user data": ({"UserData": HUGE}, "InvalidParameterValue"),
    "user data that are not base64": ({"UserData": "#!/bin/sh"}, "InvalidParameterValue"),
}


@pytest.mark.parametrize(("changes", "code"), REFUSED.values(), ids=REFUSED)
def test_it_refuses(entries: Cloud, changes: dict[str, Any], code: str) -> None:
    assert refusal(entries.request, specification=changes) == code
    assert entries.simulator.state()["requests"] == []


def test_it_refuses_a_type_that_the_region_does_not_offer(entries: Cloud) -> None:
    changes = {"InstanceType": "p5.48xlarge", "ImageId": entries.image("eu-west-3")}
    assert refusal(entries.request, "eu-west-3", specification=changes) == "Unsupported"


def test_it_refuses_an_end_in_the_past(entries: Cloud) -> None:
    past = datetime.now(UTC) - timedelta(seconds=5)
    assert refusal(entries.request, ValidUntil=past) == "InvalidParameterValue"


def test_it_refuses_persistent_requests(entries: Cloud) -> None:
    assert refusal(entries.request, Type="persistent") == "UnsupportedOperation"


def test_user_data_of_exactly_the_limit_pass(entries: Cloud) -> None:
    script = "#!/bin/sh\n" + "#" * (16 * 1024 - 10)
    machine_id = entries.machine(script=script)
    asked = {"InstanceId": machine_id, "Attribute": "userData"}
    kept = entries.ec2.describe_instance_attribute(**asked)["UserData"]["Value"]
    assert base64.b64decode(kept).decode() == script


def test_a_group_of_another_network_is_refused(entries: Cloud) -> None:
    vpc = entries.ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    asked = {"GroupName": "far", "Description": "far away", "VpcId": vpc}
    group = entries.ec2.create_security_group(**asked)["GroupId"]
    code = refusal(entries.request, specification={"SecurityGroupIds": [group]})
    assert code == "InvalidParameter"
