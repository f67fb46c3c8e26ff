"""Filters and pages of DescribeInstances and DescribeSpotInstanceRequests."""

from typing import Any

import pytest

from tests.aws_simulator.cloud import Cloud, refusal


def test_machines_are_found_by_group_state_request_and_token(entries: Cloud) -> None:
    group = entries.group()
    entries.machine()
    request = entries.request(ClientToken="row-7", specification={"SecurityGroupIds": [group]})
    request_id = request["SpotInstanceRequestId"]
    machine_id = entries.requested(request_id)["InstanceId"]
    entries.wait_for_state(machine_id, "running")
    for name, value in {
        "instance.group-id": group,
        "network-interface.group-id": group,
        "spot-instance-request-id": request_id,
        "client-token": "row-7",
    }.items():
        assert entries.ids(**{name: value, "instance-state-name": "running"}) == [machine_id]
        assert entries.ids(**{name: value, "instance-state-name": "stopped"}) == []
    assert len(entries.ids(instance_type="m5.*", instance_lifecycle="spot")) == 2


def test_requests_are_found_by_group_and_state(entries: Cloud) -> None:
    group = entries.group()
    entries.request()
    entries.simulator.knobs(capacity={"m5.large": 0})
    request = entries.request(specification={"SecurityGroupIds": [group]})

    def found(**filters: str) -> list[str]:
        asked = [{"Name": n.replace("_", "-"), "Values": [v]} for n, v in filters.items()]
        answer = entries.ec2.describe_spot_instance_requests(Filters=asked)
        return [each["SpotInstanceRequestId"] for each in answer["SpotInstanceRequests"]]

    mine = [request["SpotInstanceRequestId"]]
    assert found(**{"launch.group-id": group}) == mine
    assert found(state="open") == found(status_code="capacity-not-available") == mine
    assert found(**{"launch.group-id": group, "state": "active"}) == []
    assert len(found(**{"launch.instance-type": "m5.large"})) == 2


def test_tags_are_filtered_too(entries: Cloud) -> None:
    machine_id = entries.machine()
    entries.machine()
    entries.ec2.create_tags(Resources=[machine_id], Tags=[{"Key": "owner", "Value": "me"}])
    assert entries.ids(**{"tag:owner": "me"}) == entries.ids(**{"tag-key": "owner"}) == [machine_id]
    assert entries.described(machine_id)["Tags"] == [{"Key": "owner", "Value": "me"}]


@pytest.mark.parametrize("call", ["describe_instances", "describe_spot_instance_requests"])
def test_an_unknown_filter_is_refused(entries: Cloud, call: str) -> None:
    asked = [{"Name": "shoe-size", "Values": ["44"]}]
    assert refusal(getattr(entries.ec2, call), Filters=asked) == "InvalidParameterValue"


@pytest.mark.parametrize(
    ("call", "read"),
    [
        ("describe_instances", lambda page: [r["ReservationId"] for r in page["Reservations"]]),
        (
            "describe_spot_instance_requests",
            lambda page: [r["SpotInstanceRequestId"] for r in page["SpotInstanceRequests"]],
        ),
    ],
)
def test_pages_hold_everything_once(entries: Cloud, call: str, read: Any) -> None:
    specification = entries.specification()
    entries.ec2.request_spot_instances(InstanceCount=12, LaunchSpecification=specification)
    pages = list(entries.ec2.get_paginator(call).paginate(PaginationConfig={"PageSize": 5}))
    assert [len(read(page)) for page in pages] == [5, 5, 2]
    assert len({each for page in pages for each in read(page)}) == 12


def test_the_size_of_a_page_has_bounds(entries: Cloud) -> None:
    assert refusal(entries.ec2.describe_instances, MaxResults=4) == "InvalidParameterValue"
    machine_id = entries.machine()
    both = {"InstanceIds": [machine_id], "MaxResults": 5}
    assert refusal(entries.ec2.describe_instances, **both) == "InvalidParameterCombination"
    assert (
        refusal(entries.ec2.describe_instances, NextToken="x", MaxResults=5) == "InvalidNextToken"
    )


def test_regions_do_not_see_each_other(entries: Cloud) -> None:
    machine_id = entries.machine("us-east-1")
    assert entries.ids() == []
    assert entries.ids("us-east-1") == [machine_id]


def test_instance_status_lists_running_machines(entries: Cloud) -> None:
    machine_id = entries.running()
    found = entries.ec2.describe_instance_status()["InstanceStatuses"]
    assert [each["InstanceId"] for each in found] == [machine_id]
