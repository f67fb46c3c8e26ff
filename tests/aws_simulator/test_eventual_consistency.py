"""What was made a moment ago is not seen yet."""

from tests.aws_simulator.cloud import Cloud, refusal
from tests.waiting import eventually


def test_a_young_machine_and_its_request_are_hidden(entries: Cloud) -> None:
    entries.simulator.knobs(visible_delay=1.0)
    request_id = entries.request()["SpotInstanceRequestId"]
    machine_id = entries.simulator.state()["instances"][0]["id"]
    assert entries.ids() == []
    assert refusal(entries.requested, request_id) == "InvalidSpotInstanceRequestID.NotFound"
    assert refusal(entries.described, machine_id) == "InvalidInstanceID.NotFound"
    terminate = entries.ec2.terminate_instances
    assert refusal(terminate, InstanceIds=[machine_id]) == "InvalidInstanceID.NotFound"
    eventually(lambda: entries.ids() == [machine_id])
    assert entries.requested(request_id)["InstanceId"] == machine_id
    terminate(InstanceIds=[machine_id])


def test_a_young_group_is_hidden(entries: Cloud) -> None:
    entries.simulator.knobs(group_visible_delay=0.5)
    group = entries.group()
    describe = entries.ec2.describe_security_groups
    assert refusal(describe, GroupIds=[group]) == "InvalidGroup.NotFound"
    using = {"SecurityGroupIds": [group]}
    assert refusal(entries.request, specification=using) == "InvalidGroup.NotFound"
    entries.simulator.knobs(group_visible_delay=0)
    assert describe(GroupIds=[group])["SecurityGroups"][0]["GroupId"] == group
    assert entries.machine(SecurityGroupIds=[group])
