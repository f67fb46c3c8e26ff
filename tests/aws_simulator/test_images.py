"""Images: official Ubuntu LTS and AWS's GPU image, among others to stumble over."""

import pytest

from tests.aws_simulator.cloud import Cloud, refusal

UBUNTU = "ubuntu/images/hvm-ssd*/ubuntu-*-{version}-{name}-server-*"


@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1", "ap-southeast-2"])
@pytest.mark.parametrize("architecture", ["x86_64", "arm64"])
def test_every_region_has_ubuntu_of_several_dates(
    entries: Cloud, region: str, architecture: str
) -> None:
    name = {"x86_64": "amd64", "arm64": "arm64"}[architecture]
    pattern = UBUNTU.format(version="24.04", name=name)
    found = entries.client("ec2", region).describe_images(
        Owners=["099720109477"], Filters=[{"Name": "name", "Values": [pattern]}]
    )["Images"]
    assert len({image["CreationDate"] for image in found}) == len(found) > 3
    assert {image["Architecture"] for image in found} == {architecture}
    assert {image["RootDeviceName"] for image in found} == {"/dev/sda1"}


@pytest.mark.parametrize("version", ["22.04", "24.04"])
def test_aws_has_a_gpu_image(entries: Cloud, version: str) -> None:
    pattern = f"Deep Learning Base OSS Nvidia Driver GPU AMI (Ubuntu {version}) *"
    found = entries.ec2.describe_images(
        Owners=["amazon"], Filters=[{"Name": "name", "Values": [pattern]}]
    )["Images"]
    assert len(found) > 3
    assert {image["Architecture"] for image in found} == {"x86_64"}


def test_a_stranger_offers_a_look_alike(entries: Cloud) -> None:
    pattern = UBUNTU.format(version="24.04", name="amd64")
    filters = [{"Name": "name", "Values": [pattern]}]
    owners = {i["OwnerId"] for i in entries.ec2.describe_images(Filters=filters)["Images"]}
    assert owners == {"099720109477", "999999999999"}


def test_ids_differ_by_region_and_stay_the_same(entries: Cloud) -> None:
    assert entries.image() == entries.image()
    assert entries.image() != entries.image("us-east-1")
    found = entries.ec2.describe_images(ImageIds=[entries.image()])["Images"]
    assert found[0]["Name"].startswith("ubuntu/")
    unknown = {"ImageIds": ["ami-0123456789abcdef0"]}
    assert refusal(entries.ec2.describe_images, **unknown) == "InvalidAMIID.NotFound"
