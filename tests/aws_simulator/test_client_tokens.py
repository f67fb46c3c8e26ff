"""ClientToken: a call may be repeated for ever and happens once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ConnectionClosedError

from tests.aws_simulator.cloud import Cloud, refusal


def test_the_same_token_and_parameters_give_the_same_request(entries: Cloud) -> None:
    first = entries.request(ClientToken="row-1")
    again = entries.request(ClientToken="row-1")
    assert first["SpotInstanceRequestId"] == again["SpotInstanceRequestId"]
    assert len(entries.ids()) == 1


def test_the_repeated_answer_tells_the_state_of_now(entries: Cloud) -> None:
    assert entries.request(ClientToken="row-1")["State"] == "open"
    assert entries.request(ClientToken="row-1")["State"] == "active"


def test_changed_parameters_are_a_mismatch(entries: Cloud) -> None:
    entries.request(ClientToken="row-1", specification={"script": "#!/bin/sh\necho one"})
    changed = {"script": "#!/bin/sh\necho two"}
    code = refusal(entries.request, ClientToken="row-1", specification=changed)
    assert code == "IdempotentParameterMismatch"
    assert len(entries.ids()) == 1


def test_a_token_counts_per_region(entries: Cloud) -> None:
    entries.request(ClientToken="row-1")
    entries.request("us-east-1", ClientToken="row-1")
    assert len(entries.ids()) == len(entries.ids("us-east-1")) == 1


def test_calls_without_token_are_calls_of_their_own(entries: Cloud) -> None:
    entries.request()
    entries.request()
    assert len(entries.ids()) == 2


def test_a_refused_call_uses_no_token_up(entries: Cloud) -> None:
    bad = {"InstanceType": "m5.nothing"}
    assert refusal(entries.request, ClientToken="row-1", specification=bad)
    assert entries.request(ClientToken="row-1")["SpotInstanceRequestId"]


def test_sixteen_calls_at_once_launch_one_machine(entries: Cloud) -> None:
    specification = entries.specification()

    def ask(_: int) -> str:
        answer = entries.ec2.request_spot_instances(
            ClientToken="row-1", LaunchSpecification=specification
        )
        return str(answer["SpotInstanceRequests"][0]["SpotInstanceRequestId"])

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(ask, range(16)))) == 1
    assert len(entries.ids()) == 1


def test_run_instances_is_idempotent_too(entries: Cloud) -> None:
    asked = {**entries.specification(), "MinCount": 1, "MaxCount": 1, "ClientToken": "row-1"}
    first = entries.ec2.run_instances(**asked)["Instances"][0]["InstanceId"]
    assert entries.ec2.run_instances(**asked)["Instances"][0]["InstanceId"] == first
    changed = {**asked, "InstanceType": "m5.xlarge"}
    assert refusal(entries.ec2.run_instances, **changed) == "IdempotentParameterMismatch"
    assert entries.ids() == [first]


def test_an_answer_that_was_lost_is_repeated_without_a_second_machine(entries: Cloud) -> None:
    entries.simulator.fault("RequestSpotInstances", mode="lost")
    with pytest.raises(ConnectionClosedError):
        entries.request(ClientToken="row-1")
    entries.request(ClientToken="row-1")
    assert len(entries.ids()) == 1
