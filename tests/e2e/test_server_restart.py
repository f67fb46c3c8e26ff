"""The server dies in the middle of a job and comes back."""

import pytest

from tests import people
from tests.agent_process import AgentProcess
from tests.conftest import LiveServer, make_app, test_settings
from tests.e2e.house import House
from tests.e2e.server_process import ServerProcess
from tests.waiting import eventually


@pytest.fixture
def server(template, tmp_path):
    settings = test_settings(tmp_path)
    process = ServerProcess(
        tmp_path,
        DATA_DIR=str(settings.data_dir),
        DATABASE_URL=settings.database,
        SECRET_KEY=settings.secret_key,
        ENCRYPTION_KEY=settings.encryption_key,
        THREADS="40",
        POLL_SECONDS="2",
    )
    app = make_app(template, settings)
    with app.app_context():
        people.add_people()
        process.token = people.token()
    process.house = House(LiveServer(app, process.url, None))
    yield process.start()
    process.close()


@pytest.fixture
def agent(server, tmp_path):
    agent = AgentProcess(tmp_path / "agent").config(server.url, server.token).start()
    yield agent
    agent.close()


def test_the_job_goes_on_and_its_log_is_complete(server, agent, tmp_path):
    house, gate = server.house, tmp_path / "gate"
    job = house.submit(f"seq 1 50000; while [ ! -e {gate} ]; do sleep 0.05; done; seq 1 50000")
    house.running(job, b"50000\n")
    server.kill()
    gate.touch()
    eventually(lambda: "trying again" in agent.words(), what="a line about the server")
    server.start()
    assert house.final(job).status == "done"
    half = b"".join(b"%d\n" % number for number in range(1, 50001))
    assert house.log(job) == half + half
    assert [attempt.number for attempt in house.attempts(job)] == [1]
