"""Each permission that we need, tried by dry run: nothing is changed by it."""

from collections.abc import Callable
from typing import Any

from webapp.cloud.clients import aws_errors
from webapp.cloud.errors import CloudError
from webapp.cloud.interface import Permission

NO_ROLE = "AuthFailure.ServiceLinkedRoleCreationNotPermitted"
_NOBODY = "i-00000000000000000"
_NOTHING = "sir-00000000"
_LAUNCH = {"ImageId": "ami-00000000000000000", "InstanceType": "t3.micro"}

_SPOT: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("ec2:DescribeInstances", "see our machines", "describe_instances", {}),
    (
        "ec2:DescribeSpotInstanceRequests",
        "see our spot requests",
        "describe_spot_instance_requests",
        {},
    ),
    ("ec2:DescribeInstanceTypes", "know the types", "describe_instance_types", {}),
    (
        "ec2:DescribeInstanceTypeOfferings",
        "know what a zone offers",
        "describe_instance_type_offerings",
        {},
    ),
    ("ec2:DescribeSpotPriceHistory", "know the prices", "describe_spot_price_history", {}),
    ("ec2:DescribeImages", "find the image", "describe_images", {"Owners": ["self"]}),
    ("ec2:DescribeVpcs", "find the network", "describe_vpcs", {}),
    ("ec2:DescribeSubnets", "find its zones", "describe_subnets", {}),
    ("ec2:DescribeSecurityGroups", "find our mark", "describe_security_groups", {}),
    ("ec2:DescribeRegions", "know the regions", "describe_regions", {}),
    (
        "ec2:RequestSpotInstances",
        "ask for spot machines",
        "request_spot_instances",
        {"LaunchSpecification": _LAUNCH, "InstanceCount": 1},
    ),
    (
        "ec2:TerminateInstances",
        "end machines",
        "terminate_instances",
        {"InstanceIds": [_NOBODY]},
    ),
    (
        "ec2:CancelSpotInstanceRequests",
        "take requests back",
        "cancel_spot_instance_requests",
        {"SpotInstanceRequestIds": [_NOTHING]},
    ),
    (
        "ec2:CreateSecurityGroup",
        "mark our machines",
        "create_security_group",
        {"GroupName": "dry-run", "Description": "dry run"},
    ),
)
_ON_DEMAND = (
    "ec2:RunInstances",
    "launch machines of purchase type On-demand",
    "run_instances",
    {**_LAUNCH, "MinCount": 1, "MaxCount": 1},
)


def tried(ec2: Any, on_demand: bool) -> list[Permission]:
    """Raises CloudError only when AWS does not answer at all."""
    needed = (*_SPOT, _ON_DEMAND) if on_demand else _SPOT
    return [
        Permission(action, purpose, _refusal(getattr(ec2, operation), asked))
        for action, purpose, operation, asked in needed
    ]


def _refusal(call: Callable[..., Any], asked: dict[str, Any]) -> str | None:
    try:
        with aws_errors():
            call(DryRun=True, **asked)
    except CloudError as error:
        if error.kind in ("silence", "throttling"):
            raise
        # EC2 checks the permission first: any other complaint is about our made-up parameters.
        return str(error) if error.kind == "permission" and error.code != NO_ROLE else None
    return None


def role_signs(ec2: Any) -> tuple[str | None, str | None]:
    """AWS's words when a dry run says that there is no role for spot machines (whether it would
    is not documented); the id of a spot request of this account, whoever made it."""
    missing = None
    try:
        with aws_errors():
            ec2.request_spot_instances(DryRun=True, LaunchSpecification=_LAUNCH, InstanceCount=1)
    except CloudError as error:
        missing = str(error) if error.code == NO_ROLE else None
    with aws_errors():
        answer = ec2.describe_spot_instance_requests(MaxResults=5)
    listed = [str(each["SpotInstanceRequestId"]) for each in answer["SpotInstanceRequests"]]
    return missing, listed[0] if listed else None
