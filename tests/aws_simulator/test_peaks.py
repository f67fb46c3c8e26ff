"""Peak accounting: proofs about limits read these numbers."""

from aws_simulator.tally import Tally
from tests.aws_simulator.cloud import Cloud

KIND = "eu-west-1/m5.large/spot"


def test_peaks_stay_when_machines_go(entries: Cloud) -> None:
    first = entries.running()
    entries.ec2.terminate_instances(InstanceIds=[first])
    entries.wait_for_state(first, "terminated")
    entries.running()
    peaks = entries.simulator.state()["peaks"][KIND]
    assert peaks["live"] == peaks["live_and_open"] == peaks["everything"] == 1
    assert peaks["pending"] == peaks["running"] == peaks["shutting_down"] == 1


def test_a_machine_on_its_way_out_counts_apart(entries: Cloud) -> None:
    entries.simulator.knobs(stop_seconds=5)
    first = entries.running()
    entries.ec2.terminate_instances(InstanceIds=[first])
    entries.running()
    peaks = entries.simulator.state()["peaks"][KIND]
    assert peaks["live"] == 1
    assert peaks["live_and_shutting_down"] == 2


def test_open_requests_count_with_the_living(entries: Cloud) -> None:
    group = entries.group()
    entries.simulator.knobs(capacity={"m5.large": 1})
    for _ in range(3):
        entries.request(specification={"SecurityGroupIds": [group]})
    state = entries.simulator.state()
    for peaks in (state["peaks"][KIND], state["group_peaks"][group]):
        assert peaks["live"] == 1
        assert peaks["open"] == 2
        assert peaks["live_and_open"] == 3


def test_a_request_being_filled_is_never_counted_twice() -> None:
    tally = Tally()
    for _ in range(3):
        tally.move(["kind:a"], None, "open")
        tally.move(["kind:a"], "open", "pending")
        tally.move(["kind:a"], "pending", "running")
        tally.move(["kind:a"], "running", "shutting-down")
        tally.move(["kind:a"], "shutting-down", "terminated")
    peaks = tally.peaks("kind:")["a"]
    assert set(peaks.values()) == {1}


def test_a_cancel_that_comes_too_late_stays_counted(entries: Cloud) -> None:
    entries.simulator.knobs(capacity={"m5.large": 0}, cancel_races=1, cancel_race_seconds=30)
    request_id = entries.request()["SpotInstanceRequestId"]
    entries.ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=[request_id])
    entries.simulator.knobs(capacity={})
    entries.machine()
    assert entries.simulator.state()["peaks"][KIND]["live_and_open"] == 2
