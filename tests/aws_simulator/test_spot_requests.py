"""The states and status codes of spot requests."""

from datetime import UTC, datetime, timedelta

from tests.aws_simulator.cloud import Cloud, refusal
from tests.waiting import eventually

NO_CAPACITY = ("open", "capacity-not-available")


def test_the_answer_is_open_and_pending_evaluation(entries: Cloud) -> None:
    request = entries.request()
    assert (request["State"], request["Status"]["Code"]) == ("open", "pending-evaluation")
    assert "InstanceId" not in request
    assert entries.status(request["SpotInstanceRequestId"]) == ("active", "fulfilled")


def test_evaluation_takes_its_time(entries: Cloud) -> None:
    entries.simulator.knobs(evaluation_seconds=0.3)
    request_id = entries.request()["SpotInstanceRequestId"]
    assert entries.status(request_id) == ("open", "pending-evaluation")
    eventually(lambda: entries.status(request_id) == ("active", "fulfilled"))


def test_times_are_real(entries: Cloud) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    found = entries.requested(entries.request()["SpotInstanceRequestId"])
    assert before <= found["CreateTime"] <= datetime.now(UTC)
    assert before <= found["Status"]["UpdateTime"] <= datetime.now(UTC)


def test_the_machine_and_its_request_name_each_other(entries: Cloud) -> None:
    request_id = entries.request(ClientToken="row-1")["SpotInstanceRequestId"]
    found = entries.described(entries.requested(request_id)["InstanceId"])
    assert found["SpotInstanceRequestId"] == request_id
    assert found["InstanceLifecycle"] == "spot"
    assert found["ClientToken"] == "row-1"


def test_without_capacity_a_request_waits_and_is_filled_later(entries: Cloud) -> None:
    entries.simulator.knobs(capacity={"m5.large": 1})
    first = entries.machine()
    request_id = entries.request()["SpotInstanceRequestId"]
    assert entries.status(request_id) == NO_CAPACITY
    entries.ec2.terminate_instances(InstanceIds=[first])
    eventually(lambda: entries.status(request_id) == ("active", "fulfilled"))


def test_waiting_requests_are_filled_when_the_knob_is_turned(entries: Cloud) -> None:
    entries.simulator.knobs(capacity={"eu-west-1/m5.large": 0})
    request_id = entries.request()["SpotInstanceRequestId"]
    entries.simulator.knobs(capacity={})
    assert entries.status(request_id) == ("active", "fulfilled")


def test_a_waiting_request_expires(entries: Cloud) -> None:
    entries.simulator.knobs(capacity={"m5.large": 0})
    until = datetime.now(UTC) + timedelta(seconds=2)
    request_id = entries.request(ValidUntil=until)["SpotInstanceRequestId"]
    assert entries.status(request_id) == NO_CAPACITY
    eventually(lambda: entries.status(request_id) == ("cancelled", "schedule-expired"))
    entries.simulator.knobs(capacity={})
    assert entries.ids() == []


def test_an_expired_end_leaves_a_filled_request_alone(entries: Cloud) -> None:
    until = datetime.now(UTC) + timedelta(seconds=2)
    waiting = entries.request(ValidUntil=until)["SpotInstanceRequestId"]
    entries.simulator.knobs(capacity={"m5.large": 0})
    other = entries.request(ValidUntil=until)["SpotInstanceRequestId"]
    eventually(lambda: entries.status(other) == ("cancelled", "schedule-expired"))
    assert entries.status(waiting) == ("active", "fulfilled")


def test_a_cancelled_waiting_request_is_kept_and_never_filled(entries: Cloud) -> None:
    entries.simulator.knobs(capacity={"m5.large": 0})
    request_id = entries.request()["SpotInstanceRequestId"]
    entries.ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=[request_id])
    assert entries.status(request_id) == ("cancelled", "canceled-before-fulfillment")
    entries.simulator.knobs(capacity={})
    assert entries.ids() == []
    again = entries.ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=[request_id])
    assert again["CancelledSpotInstanceRequests"][0]["State"] == "cancelled"


def test_cancelling_a_filled_request_leaves_its_machine(entries: Cloud) -> None:
    request_id = entries.request()["SpotInstanceRequestId"]
    entries.ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=[request_id])
    expected = ("cancelled", "request-canceled-and-instance-running")
    assert entries.status(request_id) == expected
    machine_id = entries.requested(request_id)["InstanceId"]
    entries.ec2.terminate_instances(InstanceIds=[machine_id])
    entries.wait_for_state(machine_id, "terminated")
    assert entries.status(request_id) == expected


def test_a_cancel_can_come_too_late(entries: Cloud) -> None:
    entries.simulator.knobs(capacity={"m5.large": 0}, cancel_races=1, cancel_race_seconds=0.3)
    request_id = entries.request()["SpotInstanceRequestId"]
    asked = {"SpotInstanceRequestIds": [request_id]}
    answer = entries.ec2.cancel_spot_instance_requests(**asked)
    assert answer["CancelledSpotInstanceRequests"][0]["State"] == "cancelled"
    assert entries.status(request_id) == ("cancelled", "canceled-before-fulfillment")
    expected = ("cancelled", "request-canceled-and-instance-running")
    eventually(lambda: entries.status(request_id) == expected)
    entries.wait_for_state(entries.requested(request_id)["InstanceId"], "running")


def test_the_end_of_its_machine_closes_a_request(entries: Cloud) -> None:
    request_id = entries.request()["SpotInstanceRequestId"]
    machine_id = entries.requested(request_id)["InstanceId"]
    entries.ec2.terminate_instances(InstanceIds=[machine_id])
    assert entries.status(request_id) == ("closed", "instance-terminated-by-user")


def test_a_price_below_the_market_waits(entries: Cloud) -> None:
    request_id = entries.request(SpotPrice="0.0001")["SpotInstanceRequestId"]
    assert entries.status(request_id) == ("open", "price-too-low")


def test_unknown_requests_are_an_error(entries: Cloud) -> None:
    asked = {"SpotInstanceRequestIds": ["sir-00000000"]}
    expected = "InvalidSpotInstanceRequestID.NotFound"
    assert refusal(entries.ec2.describe_spot_instance_requests, **asked) == expected
    assert refusal(entries.ec2.cancel_spot_instance_requests, **asked) == expected
