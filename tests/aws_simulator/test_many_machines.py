"""Sizes: fifty machines with processes; a thousand entries in ten regions."""

import time

from tests.aws_simulator.cloud import Cloud
from tests.waiting import eventually

REGIONS = [
    *("eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "eu-north-1"),
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ap-southeast-2"),
]
SLOW = 20.0  # seconds; far more than measured, so that a busy machine does not fail


def test_fifty_machines_boot_and_are_gone_again(cloud: Cloud) -> None:
    specification = cloud.specification(script="#!/bin/sh\necho up\nexec sleep 1000\n")
    cloud.ec2.request_spot_instances(InstanceCount=50, LaunchSpecification=specification)
    ids = cloud.ids()
    assert len(ids) == 50

    def all_up() -> bool:
        return all("up" in cloud.simulator.console(each) for each in ids)

    eventually(all_up, seconds=60)
    cloud.ec2.terminate_instances(InstanceIds=ids)
    eventually(lambda: len(cloud.ids(instance_state_name="terminated")) == 50, seconds=60)
    assert not any(each["alive"] for each in cloud.simulator.state()["instances"])


def test_a_filtered_describe_of_a_thousand_is_quick(entries: Cloud) -> None:
    groups = {}
    for region in REGIONS:
        groups[region] = entries.group("odr", region)
        asked = entries.specification(region, SecurityGroupIds=[groups[region]])
        client = entries.client("ec2", region)
        client.request_spot_instances(InstanceCount=100, LaunchSpecification=asked)
    began = time.monotonic()
    for region in REGIONS:
        assert len(entries.ids(region, **{"instance.group-id": groups[region]})) == 100
    assert time.monotonic() - began < SLOW
    state = entries.simulator.state()
    assert len(state["instances"]) == 1000
    assert len(state["regions"]) == 10
