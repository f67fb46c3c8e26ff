"""Regions, zones, and what they offer."""

from tests.aws_simulator.cloud import Cloud, refusal


def test_only_regions_of_the_account_are_listed(entries: Cloud) -> None:
    names = {r["RegionName"] for r in entries.ec2.describe_regions()["Regions"]}
    assert {"eu-west-1", "us-east-1", "us-west-2"} <= names
    assert "me-south-1" not in names
    assert not any(name.startswith(("cn-", "us-gov-")) for name in names)


def test_all_regions_say_whether_they_are_on(entries: Cloud) -> None:
    found = entries.ec2.describe_regions(AllRegions=True)["Regions"]
    status = {region["RegionName"]: region["OptInStatus"] for region in found}
    assert status["eu-west-1"] == "opt-in-not-required"
    assert status["me-south-1"] == "not-opted-in"
    entries.simulator.knobs(regions_not_opted_in=[])
    found = entries.ec2.describe_regions(RegionNames=["me-south-1"])["Regions"]
    assert found[0]["OptInStatus"] == "opted-in"


def test_a_region_that_is_off_lets_nobody_in(entries: Cloud) -> None:
    off = entries.client("ec2", "me-south-1")
    assert refusal(off.describe_instances) == "AuthFailure"


def test_an_unknown_region_is_refused(entries: Cloud) -> None:
    code = refusal(entries.ec2.describe_regions, RegionNames=["eu-nowhere-1"])
    assert code == "InvalidParameterValue"


def test_each_zone_has_a_default_subnet(entries: Cloud) -> None:
    zones = entries.ec2.describe_availability_zones()["AvailabilityZones"]
    subnets = entries.ec2.describe_subnets()["Subnets"]
    assert {z["ZoneName"] for z in zones} == {s["AvailabilityZone"] for s in subnets}
    assert all(subnet["DefaultForAz"] for subnet in subnets)
    assert entries.ec2.describe_vpcs()["Vpcs"][0]["IsDefault"]


def test_types_are_those_the_region_offers(entries: Cloud) -> None:
    def listed(region: str) -> set[str]:
        pages = (
            entries.client("ec2", region)
            .get_paginator("describe_instance_types")
            .paginate(Filters=[{"Name": "instance-type", "Values": ["p5.*", "m5.large"]}])
        )
        return {each["InstanceType"] for page in pages for each in page["InstanceTypes"]}

    assert "p5.48xlarge" in listed("us-east-1")
    assert listed("eu-west-3") == {"m5.large"}


def test_type_pages_hold_a_hundred(entries: Cloud) -> None:
    first = entries.ec2.describe_instance_types()
    assert len(first["InstanceTypes"]) == 100
    second = entries.ec2.describe_instance_types(NextToken=first["NextToken"])
    names = {t["InstanceType"] for page in (first, second) for t in page["InstanceTypes"]}
    assert len(names) == 200
