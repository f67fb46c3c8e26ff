"""The control API: look, turn, let happen, reset; and clear words for mistakes."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from aws_simulator.process import SimulatorError
from tests.aws_simulator.cloud import Cloud


def raw(cloud: Cloud, path: str, data: bytes, **headers: str) -> tuple[int, Any]:
    asked = urllib.request.Request(cloud.simulator.ready["control"] + path, data)
    for name, value in headers.items():
        asked.add_header(name.replace("_", "-"), value)
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_the_state_tells_of_every_machine(cloud: Cloud) -> None:
    machine_id = cloud.running(script="#!/bin/sh\necho up\n")
    cloud.printed(machine_id, "up")
    state = cloud.simulator.state()
    found = cloud.simulator.machine(machine_id)
    assert found["pid"] and found["alive"] and found["age"] > 0
    assert (found["type"], found["zone"], found["state"]) == ("m5.large", "eu-west-1a", "running")
    assert found["request"] == state["requests"][0]["id"]
    assert state["regions"] == ["eu-west-1"]
    assert state["calls"]["RequestSpotInstances"] == 1
    assert state["calls_by_region"]["eu-west-1/RequestSpotInstances"] == 1
    told = [e["event"] for e in state["events"] if e["subject"] == machine_id]
    assert told == ["born", "running", "booted"]


def test_open_requests_are_listed_apart(entries: Cloud) -> None:
    entries.simulator.knobs(capacity={"m5.large": 0})
    request_id = entries.request()["SpotInstanceRequestId"]
    state = entries.simulator.state()
    assert [each["id"] for each in state["open_requests"]] == [request_id]
    assert state["knobs"]["capacity"] == {"m5.large": 0}


def test_a_knob_is_turned_by_itself(entries: Cloud) -> None:
    before = entries.simulator.knobs()
    after = entries.simulator.knobs(visible_delay=2.5)
    assert after == {**before, "visible_delay": 2.5}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"volume": 11}, "no knob 'volume'"),
        ({"boot_seconds": -1}, "'boot_seconds' takes a number"),
        ({"boot_seconds": "soon"}, "'boot_seconds' takes a number"),
        ({"enforce_iam": 1}, "'enforce_iam' takes true or false"),
        ({"capacity": {"m5.large": "many"}}, "'capacity' takes an object"),
        ({"capacity": 3}, "'capacity' takes an object"),
        ({"iam_actions": "ec2:*"}, "'iam_actions' takes a list"),
        ({"cancel_races": 1.5}, "'cancel_races' takes a whole number"),
    ],
)
def test_a_wrong_knob_is_named_and_nothing_is_turned(
    entries: Cloud, changes: dict[str, Any], words: str
) -> None:
    before = entries.simulator.knobs()
    with pytest.raises(SimulatorError, match=words):
        entries.simulator.knobs(stop_seconds=9.0, **changes)
    assert entries.simulator.knobs() == before


def test_unknown_machines_and_paths_are_404(entries: Cloud) -> None:
    with pytest.raises(SimulatorError, match="no machine i-none"):
        entries.simulator.befall("i-none", "kill")
    json_kind = {"Content_Type": "application/json"}
    assert raw(entries, "/machines/i-none/praise", b"{}", **json_kind)[0] == 404
    assert raw(entries, "/nowhere", b"{}", **json_kind)[0] == 404


def test_what_cannot_happen_is_said(entries: Cloud) -> None:
    asked = {"MinCount": 1, "MaxCount": 1, **entries.specification()}
    on_demand = entries.ec2.run_instances(**asked)["Instances"][0]["InstanceId"]
    with pytest.raises(SimulatorError, match="not a spot instance"):
        entries.simulator.interrupt(on_demand)
    with pytest.raises(SimulatorError, match="has no processes"):
        entries.simulator.befall(on_demand, "hang")
    entries.ec2.terminate_instances(InstanceIds=[on_demand])
    entries.wait_for_state(on_demand, "terminated")
    with pytest.raises(SimulatorError, match="is terminated"):
        entries.simulator.befall(on_demand, "kill")


def test_a_web_page_cannot_post_here(entries: Cloud) -> None:
    assert raw(entries, "/reset", b"{}", Content_Type="text/plain")[0] == 415
    json_kind = {"Content_Type": "application/json"}
    assert raw(entries, "/reset", b"{}", Host="evil.example", **json_kind)[0] == 403
    assert raw(entries, "/reset", b"{not json", **json_kind)[0] == 400


def test_a_reset_kills_and_forgets_everything(cloud: Cloud) -> None:
    machine_id = cloud.running(script="#!/bin/sh\nsleep 1000\n")
    pid = cloud.simulator.wait_until(lambda state: state["instances"][0]["pid"])
    group = cloud.group()
    cloud.simulator.knobs(capacity={"m5.large": 0})
    cloud.simulator.fault("DescribeInstances", code="RequestLimitExceeded")
    cloud.simulator.reset()
    state = cloud.simulator.state()
    assert state["instances"] == state["requests"] == state["faults"] == state["events"] == []
    assert state["peaks"] == state["calls"] == state["knobs"]["capacity"] == {}
    assert cloud.ids() == []
    groups = cloud.ec2.describe_security_groups()["SecurityGroups"]
    assert group not in {each["GroupId"] for each in groups}
    assert machine_id not in str(cloud.simulator.state()["instances"])
    assert not pid_lives(pid)


def pid_lives(pid: int) -> bool:
    from pathlib import Path

    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and ") Z" not in stat.read_text()
