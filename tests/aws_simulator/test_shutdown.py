"""`shutdown` inside a machine: the dead-man's switch of the product leans on it."""

import pytest

from aws_simulator.machines.power import CANCEL, delay_of
from tests.aws_simulator.cloud import Cloud
from tests.waiting import eventually

NOON = 1_780_000_000.0


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("shutdown now", 0),
        ("shutdown -h now", 0),
        ("shutdown -h +5", 300),
        ("shutdown -P +0", 0),
        ("shutdown --no-wall 2", 120),
        ("shutdown", 60),
        ("shutdown -h +5 the machine is idle", 300),
        ("shutdown -c", CANCEL),
        ("poweroff", 0),
        ("halt -p", 0),
    ],
)
def test_a_command_means_so_many_seconds(words: str, seconds: float) -> None:
    assert delay_of(words.split(), NOON) == seconds


def test_a_time_of_day_is_today_or_tomorrow() -> None:
    assert 0 <= delay_of(["shutdown", "23:59"], NOON) < 86_400


@pytest.mark.parametrize("words", ["shutdown -r now", "reboot", "shutdown soon", "shutdown 25:00"])
def test_what_it_cannot_do_is_said(words: str) -> None:
    with pytest.raises(ValueError):
        delay_of(words.split(), NOON)


def test_shutdown_now_terminates_a_spot_machine(cloud: Cloud) -> None:
    machine_id = cloud.running(script="#!/bin/sh\nshutdown -h now\n")
    gone = cloud.wait_for_state(machine_id, "terminated")
    assert gone["StateReason"]["Code"] == "Client.InstanceInitiatedShutdown"
    assert cloud.status(gone["SpotInstanceRequestId"]) == ("closed", "instance-terminated-by-user")


def test_a_timer_runs_out_in_scaled_minutes(cloud: Cloud) -> None:
    machine_id = cloud.running(script="#!/bin/sh\nshutdown -h +1\n")
    due = eventually(lambda: cloud.simulator.machine(machine_id)["shutdown_at"])
    assert due - cloud.simulator.state()["now"] <= 1.0
    cloud.wait_for_state(machine_id, "terminated")


def test_timers_may_run_slower_than_everything_else(cloud: Cloud) -> None:
    # An agent that pushes its dead-man's switch each real minute must get there in time.
    cloud.simulator.knobs(shutdown_timescale=2)
    machine_id = cloud.running(script="#!/bin/sh\nshutdown -h +20\n")
    due = eventually(lambda: cloud.simulator.machine(machine_id)["shutdown_at"])
    assert 590 < due - cloud.simulator.state()["now"] <= 600


def test_a_timer_can_be_cancelled_and_moved(cloud: Cloud) -> None:
    script = (
        "#!/bin/sh\nshutdown -h +1\nshutdown -c\necho cancelled\nshutdown -h +100\necho moved\n"
    )
    machine_id = cloud.running(script=script)
    cloud.printed(machine_id, "moved")
    found = cloud.simulator.machine(machine_id)
    assert found["shutdown_at"] - cloud.simulator.state()["now"] > 50
    assert found["state"] == "running"


def test_systemctl_poweroff_is_the_same(cloud: Cloud) -> None:
    machine_id = cloud.running(script="#!/bin/sh\nsystemctl daemon-reload && systemctl poweroff\n")
    cloud.wait_for_state(machine_id, "terminated")


def test_package_managers_do_nothing_to_the_host(cloud: Cloud) -> None:
    machine_id = cloud.running(script="#!/bin/sh\napt-get install -y nothing && echo passed\n")
    assert "not done in practice" in cloud.printed(machine_id, "passed")


def test_a_hung_machine_does_not_shut_itself_down_until_it_wakes_up(cloud: Cloud) -> None:
    machine_id = cloud.running(script="#!/bin/sh\nshutdown -h +1\nsleep 1000\n")
    due = eventually(lambda: cloud.simulator.machine(machine_id)["shutdown_at"])
    cloud.simulator.befall(machine_id, "hang")
    eventually(lambda: cloud.simulator.state()["now"] > due + 0.1)
    assert cloud.described(machine_id)["State"]["Name"] == "running"
    cloud.simulator.befall(machine_id, "unhang")
    cloud.wait_for_state(machine_id, "terminated")


def test_a_crash_takes_the_timer_away(cloud: Cloud) -> None:
    machine_id = cloud.running(script="#!/bin/sh\nshutdown -h +1\nsleep 1000\n")
    eventually(lambda: cloud.simulator.machine(machine_id)["shutdown_at"])
    cloud.simulator.befall(machine_id, "crash")
    assert cloud.simulator.machine(machine_id)["shutdown_at"] is None
    assert cloud.described(machine_id)["State"]["Name"] == "running"
