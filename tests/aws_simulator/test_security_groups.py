"""Security groups, the mark of ownership."""

from tests.aws_simulator.cloud import Cloud, refusal


def test_a_new_group_lets_everything_out(entries: Cloud) -> None:
    group = entries.group()
    found = entries.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    assert found["IpPermissions"] == []
    assert found["IpPermissionsEgress"][0]["IpRanges"] == [{"CidrIp": "0.0.0.0/0"}]


def test_a_name_is_taken_once(entries: Cloud) -> None:
    entries.group("odr-1")
    assert refusal(entries.group, "odr-1") == "InvalidGroup.Duplicate"


def test_a_group_is_found_by_name(entries: Cloud) -> None:
    group = entries.group("odr-2")
    filters = [{"Name": "group-name", "Values": ["odr-2"]}]
    found = entries.ec2.describe_security_groups(Filters=filters)["SecurityGroups"]
    assert [each["GroupId"] for each in found] == [group]


def test_a_group_in_use_cannot_be_deleted(entries: Cloud) -> None:
    group = entries.group()
    machine_id = entries.machine(SecurityGroupIds=[group])
    delete = entries.ec2.delete_security_group
    assert refusal(delete, GroupId=group) == "DependencyViolation"
    entries.ec2.terminate_instances(InstanceIds=[machine_id])
    entries.wait_for_state(machine_id, "terminated")
    delete(GroupId=group)
