"""Settings → AWS with keys, and practice AWS, for the tests that need them."""

import boto3
import pytest

from aws_simulator.process import SimulatorProcess
from tests.pages.aws_scene import configure


@pytest.fixture
def configured(app, people):
    """Keys, a catalogue, prices; no limit yet."""
    configure()


@pytest.fixture
def aws(app, people, aws) -> SimulatorProcess:
    """The same, behind the pages."""
    app.extensions["practice"] = aws
    return aws


@pytest.fixture
def practice_machine(aws) -> str:
    """Id of a machine that runs there."""
    keys = {name: aws.ready[name] for name in ("access_key_id", "secret_access_key")}
    ec2 = boto3.client(
        "ec2",
        region_name="eu-west-1",
        endpoint_url=aws.ready["ec2"],
        **{f"aws_{name}": value for name, value in keys.items()},
    )
    image = ec2.describe_images(Owners=["099720109477"])["Images"][0]["ImageId"]
    asked = {"ImageId": image, "InstanceType": "m5.xlarge"}
    ec2.request_spot_instances(InstanceCount=1, LaunchSpecification=asked)
    ec2.close()
    running = aws.wait_until(
        lambda state: [each for each in state["instances"] if each["state"] == "running"]
    )
    return running[0]["id"]
