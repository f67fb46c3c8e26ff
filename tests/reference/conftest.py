"""The scene of the examples, and the calls that it is for."""

import pytest

from tests.reference.scene import build
from webapp.reference.calls import calls_of


@pytest.fixture
def scene(app, people):
    """Runs, jobs, a runner, a limit: what the examples name."""
    build(app)


@pytest.fixture
def document(anonymous):
    """As programs get it."""
    return anonymous.get("/api/openapi.json").json


@pytest.fixture
def calls(app):
    """Call by its name."""
    return {call.name: call for call in calls_of(app)}
