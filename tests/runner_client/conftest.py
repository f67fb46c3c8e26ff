"""A peer that answers as a script says, for tests in which the fault itself is the subject."""

import pytest

from tests.agent_process import AgentProcess
from tests.runner_client.peer import Peer


@pytest.fixture
def peer():
    """Speaks the protocol until it is told to do otherwise."""
    with Peer() as peer:
        yield peer


@pytest.fixture
def configured(peer, tmp_path):
    """An agent that belongs to the peer."""
    agent = AgentProcess(tmp_path / "agent").config(peer.url, "a-token")
    yield agent
    agent.close()
