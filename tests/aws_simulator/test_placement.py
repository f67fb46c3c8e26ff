"""Groups, zones and subnets are those that were asked for."""

from tests.aws_simulator.cloud import Cloud, refusal


def test_the_groups_asked_for_are_the_machines_groups(entries: Cloud) -> None:
    group = entries.group()
    machine_id = entries.machine(SecurityGroupIds=[group])
    assert [g["GroupId"] for g in entries.described(machine_id)["SecurityGroups"]] == [group]
    assert entries.ids(**{"instance.group-id": group}) == [machine_id]


def test_groups_of_a_network_interface_count(entries: Cloud) -> None:
    group = entries.group()
    subnet = entries.ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    interface = {
        "DeviceIndex": 0,
        "Groups": [group],
        "SubnetId": subnet,
        "AssociatePublicIpAddress": False,
    }
    found = entries.described(entries.machine(NetworkInterfaces=[interface]))
    assert [g["GroupId"] for g in found["SecurityGroups"]] == [group]
    assert found["SubnetId"] == subnet
    assert "PublicIpAddress" not in found


def test_without_a_group_it_is_the_default_one(entries: Cloud) -> None:
    found = entries.described(entries.machine())
    assert [group["GroupName"] for group in found["SecurityGroups"]] == ["default"]


def test_the_zone_asked_for_is_the_machines_zone(entries: Cloud) -> None:
    machine_id = entries.machine(Placement={"AvailabilityZone": "eu-west-1b"})
    found = entries.described(machine_id)
    assert found["Placement"]["AvailabilityZone"] == "eu-west-1b"
    subnets = entries.ec2.describe_subnets(SubnetIds=[found["SubnetId"]])["Subnets"]
    assert subnets[0]["AvailabilityZone"] == "eu-west-1b"


def test_the_subnet_asked_for_decides_the_zone(entries: Cloud) -> None:
    asked = [{"Name": "availability-zone", "Values": ["eu-west-1c"]}]
    subnet = entries.ec2.describe_subnets(Filters=asked)["Subnets"][0]["SubnetId"]
    found = entries.described(entries.machine(SubnetId=subnet))
    assert found["Placement"]["AvailabilityZone"] == "eu-west-1c"
    assert found["PublicIpAddress"].startswith("198.1")


def test_without_a_default_vpc_a_subnet_must_be_named(entries: Cloud) -> None:
    subnets = entries.ec2.describe_subnets()["Subnets"]
    entries.simulator.knobs(regions_without_default_vpc=["eu-west-1"])
    assert entries.ec2.describe_vpcs()["Vpcs"] == []
    assert entries.ec2.describe_subnets()["Subnets"] == []
    assert refusal(entries.request) == "MissingInput"
    assert refusal(entries.group) == "VPCIdNotSpecified"
    vpc = entries.ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    own = entries.ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"]
    assert entries.described(entries.machine(SubnetId=own))["VpcId"] == vpc
    entries.simulator.knobs(regions_without_default_vpc=[])
    restored = {each["SubnetId"] for each in entries.ec2.describe_subnets()["Subnets"]}
    assert restored == {own, *(each["SubnetId"] for each in subnets)}
