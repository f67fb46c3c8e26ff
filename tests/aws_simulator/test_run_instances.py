"""RunInstances, for the purchase type On-demand."""

from typing import Any

from tests.aws_simulator.cloud import Cloud, refusal


def run(cloud: Cloud, **changes: Any) -> list[dict[str, Any]]:
    asked = {"MinCount": 1, "MaxCount": 1, **cloud.specification(), **changes}
    if isinstance(asked.get("UserData"), bytes):
        asked["UserData"] = asked["UserData"].decode()
    return list(cloud.ec2.run_instances(**asked)["Instances"])


def test_it_starts_pending_and_is_no_spot_machine(entries: Cloud) -> None:
    machine = run(entries)[0]
    assert machine["State"]["Name"] == "pending"
    assert "InstanceLifecycle" not in machine
    assert "SpotInstanceRequestId" not in machine
    entries.wait_for_state(machine["InstanceId"], "running")


def test_several_share_a_reservation(entries: Cloud) -> None:
    assert len(run(entries, MinCount=3, MaxCount=3)) == 3
    assert len(entries.ec2.describe_instances()["Reservations"]) == 1


def test_without_capacity_it_is_refused(entries: Cloud) -> None:
    entries.simulator.knobs(capacity={"m5.large": 2})
    assert len(run(entries, MinCount=1, MaxCount=5)) == 2
    asked = {"MinCount": 1, "MaxCount": 1, **entries.specification()}
    code = refusal(entries.ec2.run_instances, **asked)
    assert code == "InsufficientInstanceCapacity"


def test_its_quota_is_another_one_than_that_of_spot(entries: Cloud) -> None:
    entries.simulator.knobs(on_demand_vcpu_quota={"standard": 2})
    run(entries)
    asked = {"MinCount": 1, "MaxCount": 1, **entries.specification()}
    assert refusal(entries.ec2.run_instances, **asked) == "VcpuLimitExceeded"
    assert entries.machine()


def test_shutdown_inside_stops_it_unless_told_to_terminate(cloud: Cloud) -> None:
    script = "#!/bin/sh\nshutdown now\n"
    stopping = run(cloud, UserData=script)[0]["InstanceId"]
    ending = run(cloud, UserData=script, InstanceInitiatedShutdownBehavior="terminate")
    found = cloud.wait_for_state(stopping, "stopped")
    assert found["StateReason"]["Code"] == "Client.InstanceInitiatedShutdown"
    cloud.wait_for_state(ending[0]["InstanceId"], "terminated")
    cloud.ec2.terminate_instances(InstanceIds=[stopping])
    cloud.wait_for_state(stopping, "terminated")


def test_sudden_death_of_it_is_called_an_internal_error(entries: Cloud) -> None:
    machine_id = run(entries)[0]["InstanceId"]
    entries.simulator.befall(machine_id, "kill")
    gone = entries.wait_for_state(machine_id, "terminated")
    assert gone["StateReason"]["Code"] == "Server.InternalError"


def test_what_is_not_played_is_said(entries: Cloud) -> None:
    market = {"MarketType": "spot"}
    asked = {"MinCount": 1, "MaxCount": 1, **entries.specification()}
    code = refusal(entries.ec2.run_instances, InstanceMarketOptions=market, **asked)
    assert code == "UnsupportedOperation"
    machine_id = entries.running()
    stop = entries.ec2.stop_instances
    assert refusal(stop, InstanceIds=[machine_id]) == "UnsupportedOperation"
