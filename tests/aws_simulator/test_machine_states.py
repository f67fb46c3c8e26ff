"""pending, running, shutting-down, terminated; and why it ended."""

from aws_simulator.process import SimulatorProcess
from tests.aws_simulator.cloud import Cloud, refusal
from tests.waiting import eventually


def test_a_machine_is_pending_for_the_boot_time(entries: Cloud) -> None:
    entries.simulator.knobs(boot_seconds=0.5)
    machine_id = entries.machine()
    assert entries.described(machine_id)["State"] == {"Code": 0, "Name": "pending"}
    assert entries.wait_for_state(machine_id, "running")["State"]["Code"] == 16


def test_a_machine_shuts_down_for_the_stop_time(entries: Cloud) -> None:
    entries.simulator.knobs(stop_seconds=0.5)
    machine_id = entries.running()
    ending = entries.ec2.terminate_instances(InstanceIds=[machine_id])["TerminatingInstances"][0]
    assert ending["PreviousState"]["Name"] == "running"
    assert ending["CurrentState"] == {"Code": 32, "Name": "shutting-down"}
    assert entries.described(machine_id)["State"]["Name"] == "shutting-down"
    gone = entries.wait_for_state(machine_id, "terminated")
    assert gone["StateReason"]["Code"] == "Client.UserInitiatedShutdown"
    assert "PrivateIpAddress" not in gone


def test_terminating_twice_is_no_error(entries: Cloud) -> None:
    machine_id = entries.running()
    entries.ec2.terminate_instances(InstanceIds=[machine_id])
    entries.wait_for_state(machine_id, "terminated")
    again = entries.ec2.terminate_instances(InstanceIds=[machine_id])["TerminatingInstances"][0]
    assert again["CurrentState"]["Name"] == "terminated"


def test_a_pending_machine_can_be_terminated_and_never_runs(entries: Cloud) -> None:
    entries.simulator.knobs(boot_seconds=0.3)
    machine_id = entries.machine()
    entries.ec2.terminate_instances(InstanceIds=[machine_id])
    entries.wait_for_state(machine_id, "terminated")
    states = [e["event"] for e in entries.simulator.state()["events"] if e["subject"] == machine_id]
    assert "running" not in states


def test_one_unknown_id_and_none_is_terminated(entries: Cloud) -> None:
    machine_id = entries.running()
    both = [machine_id, "i-0123456789abcdef0"]
    code = refusal(entries.ec2.terminate_instances, InstanceIds=both)
    assert code == "InvalidInstanceID.NotFound"
    assert entries.described(machine_id)["State"]["Name"] == "running"


def test_a_malformed_id_is_called_so(entries: Cloud) -> None:
    code = refusal(entries.ec2.terminate_instances, InstanceIds=["my-machine"])
    assert code == "InvalidInstanceID.Malformed"


def test_an_interruption_is_announced_and_then_happens(entries: Cloud) -> None:
    machine_id = entries.running()
    request_id = entries.described(machine_id)["SpotInstanceRequestId"]
    entries.simulator.interrupt(machine_id, real_seconds=1.0)
    assert entries.status(request_id) == ("closed", "instance-terminated-no-capacity")
    assert entries.described(machine_id)["State"]["Name"] == "running"
    gone = entries.wait_for_state(machine_id, "terminated")
    assert gone["StateReason"]["Code"] == "Server.SpotInstanceTermination"


def test_the_notice_is_scaled(entries: Cloud) -> None:
    machine_id = entries.running()
    entries.simulator.interrupt(machine_id, seconds=120)  # two seconds at 60 to 1
    now = entries.simulator.state()["now"]
    assert 0 < entries.simulator.machine(machine_id)["notice"] - now <= 2


def test_sudden_death_comes_without_notice(entries: Cloud) -> None:
    machine_id = entries.running()
    request_id = entries.described(machine_id)["SpotInstanceRequestId"]
    entries.simulator.befall(machine_id, "kill")
    gone = entries.wait_for_state(machine_id, "terminated")
    assert gone["StateReason"]["Code"] == "Server.SpotInstanceTermination"
    assert entries.status(request_id) == ("closed", "instance-terminated-no-capacity")


def test_terminated_machines_and_their_requests_vanish_after_their_hours() -> None:
    # An hour is 0.1 s here.
    with SimulatorProcess(boot=0, stop=0, timescale=36_000) as simulator:
        simulator.knobs(boot_user_data=False)
        cloud = Cloud(simulator)
        machine_id = cloud.machine()
        cloud.ec2.terminate_instances(InstanceIds=[machine_id])
        eventually(lambda: cloud.ids() == [])
        assert refusal(cloud.described, machine_id) == "InvalidInstanceID.NotFound"
        eventually(lambda: simulator.state()["requests"] == [])
