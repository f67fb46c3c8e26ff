"""Faults: refused, delayed, applied but lost, applied twice, or a proxy's error page."""

import time
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError
from botocore.parsers import ResponseParserError

from aws_simulator.process import SimulatorError
from tests.aws_simulator.cloud import Cloud, refusal


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("RequestLimitExceeded", 503),
        ("InsufficientInstanceCapacity", 500),
        ("UnauthorizedOperation", 403),
        ("MaxSpotInstanceCountExceeded", 400),
    ],
)
def test_a_code_is_answered_instead(entries: Cloud, code: str, status: int) -> None:
    entries.simulator.fault("RequestSpotInstances", code=code)
    with pytest.raises(entries.ec2.exceptions.ClientError) as caught:
        entries.request()
    answer = caught.value.response
    assert answer["Error"]["Code"] == code
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == status
    assert entries.simulator.state()["requests"] == []


def test_a_fault_happens_so_many_times(entries: Cloud) -> None:
    entries.simulator.fault("Describe(Instances|Images)", code="Unavailable", times=2)
    entries.ec2.describe_regions()
    assert refusal(entries.ec2.describe_instances) == "Unavailable"
    assert refusal(entries.ec2.describe_images) == "Unavailable"
    assert entries.ids() == []
    assert entries.simulator.state()["faults"] == []


def test_a_fault_may_be_of_one_region(entries: Cloud) -> None:
    entries.simulator.fault("DescribeInstances", code="Unavailable", region="us-east-1")
    assert entries.ids() == []
    there = entries.client("ec2", "us-east-1")
    assert refusal(there.describe_instances) == "Unavailable"


def test_faults_can_be_taken_back(entries: Cloud) -> None:
    entries.simulator.fault("DescribeInstances", code="Unavailable", times=100)
    entries.simulator.clear_faults()
    assert entries.ids() == []


def test_a_lost_answer_was_applied(entries: Cloud) -> None:
    entries.simulator.fault("RequestSpotInstances", mode="lost")
    with pytest.raises(ConnectionClosedError):
        entries.request()
    assert len(entries.ids()) == 1


def test_a_duplicate_is_applied_twice_unless_a_token_says_otherwise(entries: Cloud) -> None:
    entries.simulator.fault("RequestSpotInstances", mode="duplicate", times=2)
    entries.request()
    assert len(entries.ids()) == 2
    entries.request(ClientToken="row-1")
    assert len(entries.ids()) == 3


def test_a_proxys_page_is_no_answer_of_ec2(entries: Cloud) -> None:
    entries.simulator.fault("DescribeInstances", mode="html502")
    with pytest.raises((entries.ec2.exceptions.ClientError, ResponseParserError)):
        entries.ids()
    assert entries.ids() == []


def test_a_delay_only_delays(entries: Cloud) -> None:
    entries.simulator.fault("DescribeInstances", delay=0.3)
    began = time.monotonic()
    assert entries.ids() == []
    assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"operation": "("}, "no regular expression"),
        ({"operation": "X", "mode": "sideways"}, "mode of a fault"),
        ({"operation": "X", "code": "Y", "times": 0}, "number of times"),
        ({"operation": "X", "delay": 1000}, "A delay is"),
        ({"operation": "X"}, 'needs a "code"'),
        ({"operation": "X", "kode": "Y"}, "has no kode"),
    ],
)
def test_a_wrong_fault_is_explained(entries: Cloud, fault: dict[str, Any], words: str) -> None:
    with pytest.raises(SimulatorError, match=words):
        entries.simulator.fault(**fault)
    assert entries.simulator.state()["faults"] == []


def test_signed_calls_stay_valid_behind_faults(entries: Cloud) -> None:
    entries.simulator.knobs(enforce_iam=True)
    entries.simulator.fault("DescribeInstances", delay=0.01, times=1)
    assert entries.ids() == []


def test_html_does_not_leak_into_an_error(entries: Cloud) -> None:
    entries.simulator.fault("DescribeInstances", code="<b>&")
    assert refusal(entries.ec2.describe_instances) == "<b>&"
