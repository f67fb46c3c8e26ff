"""The metadata service: version 2, of each machine its own."""

import json
import urllib.error
import urllib.request

import pytest

from tests.aws_simulator.cloud import Cloud

TOKEN = "X-aws-ec2-metadata-token"
TTL = "X-aws-ec2-metadata-token-ttl-seconds"


def ask(url: str, method: str = "GET", **headers: str) -> tuple[int, str]:
    asked = urllib.request.Request(url, method=method)
    for name, value in headers.items():
        asked.add_header(name.replace("_", "-"), value)
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, ""


class Imds:
    def __init__(self, cloud: Cloud, machine_id: str) -> None:
        self.base = cloud.simulator.machine(machine_id)["metadata"]
        self.token = self.new_token()

    def new_token(self) -> str:
        status, token = ask(f"{self.base}/latest/api/token", "PUT", **{TTL: "60"})
        assert status == 200
        return token

    def get(self, path: str, token: str | None = None) -> tuple[int, str]:
        return ask(f"{self.base}/latest/{path}", **{TOKEN: self.token if token is None else token})


@pytest.fixture
def machine_id(entries: Cloud) -> str:
    return entries.running(script="#!/bin/sh\necho from user data\n")


def test_it_describes_the_machine(entries: Cloud, machine_id: str) -> None:
    imds, found = Imds(entries, machine_id), entries.described(machine_id)
    expected = {
        "instance-id": machine_id,
        "instance-type": "m5.large",
        "instance-life-cycle": "spot",
        "placement/availability-zone": found["Placement"]["AvailabilityZone"],
        "placement/region": "eu-west-1",
        "local-ipv4": found["PrivateIpAddress"],
        "public-ipv4": found["PublicIpAddress"],
        "ami-id": found["ImageId"],
    }
    assert {name: imds.get(f"meta-data/{name}")[1] for name in expected} == expected
    assert imds.get("user-data")[1].endswith("echo from user data\n")
    document = json.loads(imds.get("dynamic/instance-identity/document")[1])
    assert document["instanceId"] == machine_id
    assert document["accountId"] == "123456789012"
    assert "instance-id" in imds.get("meta-data/")[1].splitlines()


def test_nothing_is_told_without_a_good_token(entries: Cloud, machine_id: str) -> None:
    imds = Imds(entries, machine_id)
    assert imds.get("meta-data/instance-id", token="")[0] == 401
    assert imds.get("meta-data/instance-id", token="guessed")[0] == 401
    other = Imds(entries, entries.running())
    assert imds.get("meta-data/instance-id", token=other.token)[0] == 401


@pytest.mark.parametrize("headers", [{}, {TTL: "0"}, {TTL: "21601"}, {TTL: "x"}])
def test_a_token_needs_a_lifetime(entries: Cloud, machine_id: str, headers: dict[str, str]) -> None:
    base = entries.simulator.machine(machine_id)["metadata"]
    assert ask(f"{base}/latest/api/token", "PUT", **headers)[0] == 400


def test_a_forwarded_request_gets_no_token(entries: Cloud, machine_id: str) -> None:
    base = entries.simulator.machine(machine_id)["metadata"]
    forwarded = {TTL: "60", "X-Forwarded-For": "10.0.0.1"}
    assert ask(f"{base}/latest/api/token", "PUT", **forwarded)[0] == 400


def test_notices_are_404_until_there_is_one(entries: Cloud, machine_id: str) -> None:
    imds = Imds(entries, machine_id)
    action, advice = "meta-data/spot/instance-action", "meta-data/events/recommendations/rebalance"
    assert imds.get(action)[0] == imds.get(advice)[0] == 404
    entries.simulator.befall(machine_id, "rebalance")
    assert "noticeTime" in json.loads(imds.get(advice)[1])
    entries.simulator.interrupt(machine_id, real_seconds=30)
    notice = json.loads(imds.get(action)[1])
    assert notice["action"] == "terminate"
    assert notice["time"].endswith("Z")


def test_a_terminated_machine_has_no_metadata(entries: Cloud, machine_id: str) -> None:
    imds = Imds(entries, machine_id)
    entries.ec2.terminate_instances(InstanceIds=[machine_id])
    entries.wait_for_state(machine_id, "terminated")
    assert imds.get("meta-data/instance-id")[0] == 404


def test_a_machine_reaches_it_by_the_variable_of_aws_sdks(cloud: Cloud) -> None:
    script = """#!/bin/sh
exec python3 - <<'END'
import os, urllib.request as web
base = os.environ["AWS_EC2_METADATA_SERVICE_ENDPOINT"]
ttl = {"X-aws-ec2-metadata-token-ttl-seconds": "60"}
put = web.Request(base + "/latest/api/token", method="PUT", headers=ttl)
token = {"X-aws-ec2-metadata-token": web.urlopen(put).read().decode()}
get = web.Request(base + "/latest/meta-data/instance-id", headers=token)
print("I am", web.urlopen(get).read().decode())
END
"""
    machine_id = cloud.running(script=script)
    cloud.printed(machine_id, f"I am {machine_id}")
