"""The permissions that the keys need, and the policy that grants nothing else."""

from typing import Any

#: The documented list, with the action that does not exist corrected to the one that does.
SPOT_ACTIONS = (
    "ec2:Describe*",
    "ec2:RequestSpotInstances",
    "ec2:TerminateInstances",
    "ec2:CancelSpotInstanceRequests",
    "ec2:CreateSecurityGroup",
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:AuthorizeSecurityGroupEgress",
)
#: What only limits of purchase type On-demand need. Machines are not tagged: no CreateTags.
ON_DEMAND_ACTIONS = ("ec2:RunInstances",)
#: Once per account, by somebody who may: AWS launches spot machines through this role.
ROLE_COMMAND = "aws iam create-service-linked-role --aws-service-name spot.amazonaws.com"


def policy(on_demand: bool) -> dict[str, Any]:
    """The IAM policy document, with or without purchase type On-demand."""
    actions = SPOT_ACTIONS + (ON_DEMAND_ACTIONS if on_demand else ())
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}
