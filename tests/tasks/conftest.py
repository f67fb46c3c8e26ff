"""Practice AWS in a process of its own, and an application that knows it as its account."""

from collections.abc import Iterator

import pytest
from flask import Flask

from aws_simulator.process import SimulatorProcess
from tests.tasks.house import House


@pytest.fixture(scope="session")
def practice() -> Iterator[SimulatorProcess]:
    """One for all tests of a worker; machines are entries only, nothing boots in them."""
    with SimulatorProcess(boot=0.05, stop=0.05, enforce_iam=True) as aws:
        yield aws


@pytest.fixture
def aws(practice: SimulatorProcess, monkeypatch: pytest.MonkeyPatch) -> SimulatorProcess:
    """Empty, without faults, and the only AWS that boto3 can reach."""
    practice.reset()
    practice.clear_faults()
    practice.knobs(boot_user_data=False, enforce_iam=True)
    for name, value in practice.environment().items():
        if "ENDPOINT" in name:
            monkeypatch.setenv(name, value)
    return practice


@pytest.fixture
def house(app: Flask, aws: SimulatorProcess, clock) -> House:
    """The application with keys, a catalogue and no limits."""
    return House(app, aws, clock).furnished()
