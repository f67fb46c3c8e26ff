"""Practice AWS with enforced permissions, and the cloud that the tasks use."""

from collections.abc import Iterator

import pytest

from aws_simulator.process import SimulatorProcess
from webapp.cloud.clients import Credentials
from webapp.cloud.ec2 import Ec2

REGION = "eu-west-1"
GROUP = "odr-test"


@pytest.fixture(scope="session")
def practice() -> Iterator[SimulatorProcess]:
    """One for all tests of a worker."""
    with SimulatorProcess(boot=0.05, stop=0.05, enforce_iam=True) as aws:
        yield aws


@pytest.fixture
def aws(practice: SimulatorProcess, monkeypatch: pytest.MonkeyPatch) -> SimulatorProcess:
    """Empty, and the only AWS that boto3 can reach."""
    practice.reset()
    practice.clear_faults()
    practice.knobs(boot_user_data=False, enforce_iam=True)
    for name, value in practice.environment().items():
        if "ENDPOINT" in name:
            monkeypatch.setenv(name, value)
    return practice


@pytest.fixture
def cloud(aws: SimulatorProcess) -> Ec2:
    """With the keys of the one user, who has the documented permissions."""
    return Ec2(Credentials(aws.ready["access_key_id"], aws.ready["secret_access_key"]))
