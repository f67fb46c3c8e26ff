"""Room at AWS (capacity) and room in the account (vCPU quota)."""

from tests.aws_simulator.cloud import Cloud, refusal
from tests.waiting import eventually


def test_capacity_of_one_zone_leaves_the_others(entries: Cloud) -> None:
    entries.simulator.knobs(capacity={"eu-west-1a/m5.large": 0})
    found = entries.described(entries.machine())
    assert found["Placement"]["AvailabilityZone"] == "eu-west-1b"
    in_a = {"Placement": {"AvailabilityZone": "eu-west-1a"}}
    request_id = entries.request(specification=in_a)["SpotInstanceRequestId"]
    assert entries.status(request_id) == ("open", "capacity-not-available")


def test_capacity_counts_each_region_by_itself(entries: Cloud) -> None:
    entries.simulator.knobs(capacity={"eu-west-1/m5.large": 1, "us-east-1/m5.large": 1})
    assert entries.machine()
    assert entries.machine("us-east-1")
    assert entries.request()["SpotInstanceRequestId"]
    assert len(entries.ids()) == 1


def test_machines_on_their_way_out_free_capacity_when_they_are_gone(entries: Cloud) -> None:
    entries.simulator.knobs(capacity={"m5.large": 1}, stop_seconds=0.3)
    machine_id = entries.machine()
    request_id = entries.request()["SpotInstanceRequestId"]
    entries.ec2.terminate_instances(InstanceIds=[machine_id])
    assert entries.status(request_id) == ("open", "capacity-not-available")
    eventually(lambda: entries.status(request_id) == ("active", "fulfilled"))


def test_the_spot_quota_counts_vcpus_of_the_family(entries: Cloud) -> None:
    entries.simulator.knobs(spot_vcpu_quota={"standard": 4, "g": 0})
    entries.machine()
    entries.machine()
    assert refusal(entries.request) == "MaxSpotInstanceCountExceeded"
    gpu = {"InstanceType": "g5.xlarge"}
    assert refusal(entries.request, specification=gpu) == "MaxSpotInstanceCountExceeded"


def test_open_requests_count_against_the_quota(entries: Cloud) -> None:
    entries.simulator.knobs(spot_vcpu_quota={"standard": 2}, capacity={"m5.large": 0})
    request_id = entries.request()["SpotInstanceRequestId"]
    assert refusal(entries.request) == "MaxSpotInstanceCountExceeded"
    entries.ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=[request_id])
    assert entries.request()["SpotInstanceRequestId"]


def test_a_quota_may_be_of_one_region(entries: Cloud) -> None:
    entries.simulator.knobs(spot_vcpu_quota={"eu-west-1/standard": 0})
    assert refusal(entries.request) == "MaxSpotInstanceCountExceeded"
    assert entries.machine("us-east-1")
