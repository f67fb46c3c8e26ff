"""The cloud that the tasks use, in front of practice AWS."""

import pytest

from aws_simulator.process import SimulatorProcess
from webapp.cloud.clients import Credentials
from webapp.cloud.ec2 import Ec2

REGION = "eu-west-1"
GROUP = "odr-test"


@pytest.fixture
def cloud(aws: SimulatorProcess) -> Ec2:
    """With the keys of the one user, who has the documented permissions."""
    return Ec2(Credentials(aws.ready["access_key_id"], aws.ready["secret_access_key"]))
