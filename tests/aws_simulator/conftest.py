"""One simulator for all tests of a process, reset before each; boto3 talks to it over HTTP."""

from collections.abc import Iterator

import pytest

from aws_simulator.process import SimulatorProcess
from tests.aws_simulator.cloud import Cloud


@pytest.fixture(scope="session")
def simulator() -> Iterator[SimulatorProcess]:
    """Boots and stops machines in 50 ms; a simulated minute is a second."""
    with SimulatorProcess(boot=0.05, stop=0.05, timescale=60) as started:
        yield started


@pytest.fixture
def cloud(simulator: SimulatorProcess) -> Cloud:
    """Practice AWS as at its start, and boto3 clients for it."""
    simulator.reset()
    return Cloud(simulator)


@pytest.fixture
def entries(cloud: Cloud) -> Cloud:
    """The same where machines are entries only: no process starts."""
    cloud.simulator.knobs(boot_user_data=False)
    return cloud
