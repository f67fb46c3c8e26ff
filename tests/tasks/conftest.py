"""An application that knows practice AWS as its account."""

import pytest
from flask import Flask

from aws_simulator.process import SimulatorProcess
from tests.tasks.house import House


@pytest.fixture
def house(app: Flask, aws: SimulatorProcess, clock) -> House:
    """The application with keys, a catalogue and no limits."""
    return House(app, aws, clock).furnished()
