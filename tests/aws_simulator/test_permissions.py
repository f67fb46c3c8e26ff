"""Keys, IAM actions, the actions they depend on, and DryRun."""

from typing import Any

import pytest

from aws_simulator.knobs import MINIMAL_ACTIONS
from tests.aws_simulator.cloud import Cloud, refusal

SEED = ["ec2:CreateSecurityGroups" if a.endswith("Group") else a for a in MINIMAL_ACTIONS]


@pytest.fixture
def strict(entries: Cloud) -> Cloud:
    """Keys and permissions are checked; the actions are the product's documented ones."""
    entries.simulator.knobs(enforce_iam=True)
    return entries


def dry_runs(cloud: Cloud) -> dict[str, Any]:
    group, specification = cloud.group(), cloud.specification()
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
    calls = {
        "request_spot_instances": {"LaunchSpecification": specification},
        "run_instances": {**specification, "MinCount": 1, "MaxCount": 1},
        "cancel_spot_instance_requests": {"SpotInstanceRequestIds": ["sir-00000000"]},
        "terminate_instances": {"InstanceIds": ["i-0123456789abcdef0"]},
        "create_security_group": {"GroupName": "new", "Description": "new"},
        "authorize_security_group_ingress": {"GroupId": group, "IpPermissions": [rule]},
        "authorize_security_group_egress": {"GroupId": group, "IpPermissions": [rule]},
        "create_tags": {"Resources": [group], "Tags": [{"Key": "a", "Value": "b"}]},
        "describe_instances": {},
        "describe_spot_instance_requests": {},
        "describe_spot_price_history": {},
        "describe_instance_types": {},
        "describe_instance_type_offerings": {},
        "describe_security_groups": {},
        "describe_images": {},
        "describe_regions": {},
        "describe_availability_zones": {},
        "describe_vpcs": {},
        "describe_subnets": {},
    }
    return {
        name: refusal(getattr(cloud.ec2, name), DryRun=True, **asked)
        for name, asked in calls.items()
    }


def test_a_dry_run_says_what_would_be_allowed(strict: Cloud) -> None:
    answers = dry_runs(strict)
    denied = {name for name, code in answers.items() if code == "UnauthorizedOperation"}
    assert denied == {"run_instances", "create_tags"}
    assert {code for name, code in answers.items() if name not in denied} == {"DryRunOperation"}


def test_a_dry_run_changes_nothing(strict: Cloud) -> None:
    dry_runs(strict)
    assert strict.simulator.state()["requests"] == []
    names = {g["GroupName"] for g in strict.ec2.describe_security_groups()["SecurityGroups"]}
    assert "new" not in names


def test_the_seeds_own_list_cannot_create_a_group(strict: Cloud) -> None:
    strict.simulator.knobs(iam_actions=SEED)
    asked = {"GroupName": "new", "Description": "new"}
    create = strict.ec2.create_security_group
    assert refusal(create, **asked) == "UnauthorizedOperation"
    assert refusal(create, DryRun=True, **asked) == "UnauthorizedOperation"


def test_the_refusal_names_the_action(strict: Cloud) -> None:
    with pytest.raises(strict.ec2.exceptions.ClientError, match="ec2:StopInstances"):
        strict.ec2.stop_instances(InstanceIds=["i-0123456789abcdef0"])


def test_tags_at_launch_need_another_permission(strict: Cloud) -> None:
    tags = {"ResourceType": "spot-instances-request", "Tags": [{"Key": "a", "Value": "b"}]}
    assert refusal(strict.request, TagSpecifications=[tags]) == "UnauthorizedOperation"
    strict.simulator.knobs(iam_actions=[*MINIMAL_ACTIONS, "ec2:CreateTags"])
    request_id = strict.request(TagSpecifications=[tags])["SpotInstanceRequestId"]
    assert strict.requested(request_id)["Tags"] == [{"Key": "a", "Value": "b"}]


def test_an_instance_profile_needs_pass_role(strict: Cloud) -> None:
    profile = {"IamInstanceProfile": {"Name": "admin"}}
    with pytest.raises(strict.ec2.exceptions.ClientError, match="iam:PassRole"):
        strict.request(specification=profile)


def test_permissions_can_be_taken_while_a_machine_lives(strict: Cloud) -> None:
    machine_id = strict.machine()
    strict.simulator.knobs(iam_actions=["ec2:Describe*"])
    terminate = strict.ec2.terminate_instances
    assert refusal(terminate, InstanceIds=[machine_id]) == "UnauthorizedOperation"
    strict.simulator.knobs(iam_actions=["ec2:*"])
    terminate(InstanceIds=[machine_id])


def test_unknown_keys_and_wrong_secrets_fail(strict: Cloud) -> None:
    key = strict.simulator.ready["access_key_id"]
    stranger = strict.client("ec2", key="AKIAAAAAAAAAAAAAAAAA", secret="x" * 40)
    liar = strict.client("ec2", key=key, secret="x" * 40)
    assert refusal(stranger.describe_regions) == "AuthFailure"
    assert refusal(liar.describe_regions) == "AuthFailure"
    sts = strict.client("sts", key=key, secret="x" * 40)
    assert refusal(sts.get_caller_identity) == "InvalidClientTokenId"


def test_keys_can_be_revoked(entries: Cloud) -> None:
    entries.simulator.knobs(revoked_keys=[entries.simulator.ready["access_key_id"]])
    assert refusal(entries.ec2.describe_regions) == "AuthFailure"
    assert refusal(entries.client("sts").get_caller_identity) == "InvalidClientTokenId"


def test_sts_names_the_user_whatever_is_allowed(strict: Cloud) -> None:
    strict.simulator.knobs(iam_actions=[])
    found = strict.client("sts").get_caller_identity()
    assert found["Arn"] == "arn:aws:iam::123456789012:user/practice"
    assert found["Account"] == "123456789012"


def test_the_service_linked_role_may_be_missing(entries: Cloud) -> None:
    entries.simulator.knobs(service_linked_role=False)
    expected = "AuthFailure.ServiceLinkedRoleCreationNotPermitted"
    assert refusal(entries.request) == expected
    asked = {"MinCount": 1, "MaxCount": 1, **entries.specification()}
    assert entries.ec2.run_instances(**asked)["Instances"]


def test_services_other_than_ec2_and_sts_are_refused(entries: Cloud) -> None:
    assert refusal(entries.client("iam").list_users) == "InvalidAction"
