"""A real server and real agents, over real sockets."""

import pytest

from tests.agent_process import AgentProcess
from tests.e2e.house import House
from tests.people import token


@pytest.fixture
def house(live_server, tmp_path):
    """The server with people in it, and hands to submit and to look."""
    return House(live_server)


@pytest.fixture
def new_agent(house, tmp_path):
    """Makes agents that belong to this server; ends them."""
    made = []

    def make(name: str = "one", *words: str, **variables: str) -> AgentProcess:
        with house.app.app_context():
            secret = token()
        agent = AgentProcess(tmp_path / f"agent-{name}", **variables)
        made.append(agent.config(house.url, secret, *words))
        return agent

    yield make
    for agent in made:
        agent.close()


@pytest.fixture
def agent(new_agent):
    """One agent that runs."""
    return new_agent().start()
