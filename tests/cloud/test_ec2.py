"""The cloud through boto3 over HTTP, with permissions enforced."""

import time
import uuid
from dataclasses import replace

import pytest

from aws_simulator.knobs import MINIMAL_ACTIONS
from tests.cloud.conftest import GROUP, REGION
from tests.waiting import eventually
from webapp.cloud.clients import Credentials
from webapp.cloud.ec2 import Ec2
from webapp.cloud.errors import CloudError
from webapp.cloud.interface import ON_DEMAND, SPOT, Order
from webapp.engine.permissions import SPOT_ACTIONS


def order(cloud: Ec2, purchase_type: str = SPOT, **changes) -> Order:
    ground = cloud.ground(REGION, GROUP)
    image = cloud.image(REGION, "x86_64", gpu=False)
    made = Order(
        token=str(uuid.uuid4()),
        purchase_type=purchase_type,
        instance_type="m5.large",
        image_id=image.id,
        group_id=ground.group_id,
        subnet_id=ground.subnets["eu-west-1b"],
        user_data="#!/bin/sh\ntrue\n",
        valid_until=int(time.time() + 600) * 1000,
    )
    return replace(made, **changes)


def test_everything_about_spot_works_with_the_documented_permissions_and_calls_nothing_else(
    cloud: Ec2, aws
):
    assert sorted(SPOT_ACTIONS) == sorted(MINIMAL_ACTIONS) == sorted(aws.knobs()["iam_actions"])
    asked = order(cloud)
    answer = cloud.launch(REGION, asked)
    group = asked.group_id
    eventually(lambda: [m for m in cloud.machines(REGION, group) if m.state == "running"])
    (machine,), (request,) = cloud.machines(REGION, group), cloud.requests(REGION, group)
    assert (machine.request_id, request.machine_id) == (answer.request_id, machine.id)
    assert (request.valid_until, machine.zone) == (asked.valid_until, "eu-west-1b")
    cloud.cancel(REGION, request.id)
    cloud.terminate(REGION, machine.id)
    eventually(lambda: cloud.machines_by_id(REGION, [machine.id])[0].state == "terminated")
    assert all(each.refusal is None for each in cloud.permissions(REGION, on_demand=False))
    cloud.identity(), cloud.regions(), cloud.zones(REGION), cloud.image(REGION, "arm64", gpu=False)
    cloud.prices(REGION, ["m5.large"], int(time.time() * 1000))
    granted = ("RequestSpotInstances", "TerminateInstances", "CancelSpotInstanceRequests")
    granted += ("CreateSecurityGroup", "GetCallerIdentity")
    called = set(aws.state()["calls"])
    assert {c for c in called if not c.startswith("Describe")} <= set(granted), called


@pytest.mark.parametrize("action", [a for a in MINIMAL_ACTIONS if "Authorize" not in a][1:])
def test_a_missing_permission_is_named(cloud: Ec2, aws, action: str):
    aws.knobs(iam_actions=[each for each in MINIMAL_ACTIONS if each != action])
    refused = [each.action for each in cloud.permissions(REGION, False) if each.refusal]
    aws.knobs(iam_actions=list(MINIMAL_ACTIONS))
    assert refused == [action]


def test_the_action_that_does_not_exist_helps_nobody(cloud: Ec2, aws):
    wrong = [a.replace("CreateSecurityGroup", "CreateSecurityGroups") for a in MINIMAL_ACTIONS]
    aws.knobs(iam_actions=wrong)
    refused = [each.action for each in cloud.permissions(REGION, False) if each.refusal]
    aws.knobs(iam_actions=list(MINIMAL_ACTIONS))
    assert refused == ["ec2:CreateSecurityGroup"]


def test_on_demand_needs_one_more_permission(cloud: Ec2):
    refused = [each.action for each in cloud.permissions(REGION, True) if each.refusal]
    assert refused == ["ec2:RunInstances"]
    with pytest.raises(CloudError, match="ec2:RunInstances") as caught:
        cloud.launch(REGION, order(cloud, ON_DEMAND))
    assert (caught.value.kind, caught.value.definite) == ("permission", True)


def test_the_same_order_is_the_same_machine(cloud: Ec2):
    asked = order(cloud)
    assert cloud.launch(REGION, asked).request_id == cloud.launch(REGION, asked).request_id
    with pytest.raises(CloudError) as caught:
        cloud.launch(REGION, replace(asked, instance_type="m5.xlarge"))
    assert (caught.value.code, caught.value.kind) == ("IdempotentParameterMismatch", "bad_request")


def test_the_group_is_made_once_and_lets_nothing_in(cloud: Ec2):
    first, second = cloud.ground(REGION, GROUP), cloud.ground(REGION, GROUP)
    assert first == second
    assert cloud.group(REGION, GROUP) == first.group_id
    assert cloud.group(REGION, "another") is None


@pytest.mark.parametrize(
    "arch, gpu, words",
    [
        ("x86_64", False, "ubuntu-noble-24.04-amd64-server-20260612"),
        ("arm64", False, "ubuntu-noble-24.04-arm64-server-20260612"),
        ("x86_64", True, "Base OSS Nvidia Driver GPU AMI (Ubuntu 24.04)"),
    ],
)
def test_the_newest_official_image_is_found(cloud: Ec2, arch: str, gpu: bool, words: str):
    name = cloud.image(REGION, arch, gpu).name
    assert words in name
    assert "pro" not in name and "minimal" not in name and not name.endswith(".1")


def test_a_wrong_key_is_a_sentence(aws):
    with pytest.raises(CloudError) as caught:
        Ec2(Credentials("AKIAWRONG", "wrong")).group(REGION, GROUP)
    assert caught.value.kind == "permission"
    assert "AWS does not accept the keys" in str(caught.value)


@pytest.mark.parametrize("mode", ["lost", "html502"])
def test_no_proper_answer_is_no_answer(cloud: Ec2, aws, mode: str):
    asked = order(cloud)
    aws.fault("RequestSpotInstances", mode=mode)
    with pytest.raises(CloudError) as caught:
        cloud.launch(REGION, asked)
    assert not caught.value.definite


def test_an_error_is_not_repeated_behind_our_back(cloud: Ec2, aws):
    asked = order(cloud)
    aws.fault("RequestSpotInstances", code="RequestLimitExceeded", times=3)
    with pytest.raises(CloudError):
        cloud.launch(REGION, asked)
    assert aws.state()["faults"][0]["times"] == 2


def test_prices_and_types_come_in_our_units(cloud: Ec2):
    prices = cloud.prices(REGION, ["m5.large"], int(time.time() * 1000))
    assert {zone for zone, _ in prices} == {"eu-west-1a", "eu-west-1b", "eu-west-1c"}
    assert all(0 < price < 1 for price in prices.values())
    assert "m5.large" in cloud.zones(REGION)
    assert ("eu-west-1", True) in cloud.regions()
