"""The server dies in the middle of a job and comes back."""

import re

import pytest

from tests import people
from tests.agent_process import AgentProcess
from tests.conftest import LiveServer, make_app, test_settings
from tests.e2e.house import House
from tests.e2e.server_process import ServerProcess
from tests.waiting import eventually
from webapp.extensions import db


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
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


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


def test_a_database_that_may_only_be_read_costs_nothing_but_time(server, agent, tmp_path):
    house, gate = server.house, tmp_path / "gate"
    job = house.submit(f"echo begun; while [ ! -e {gate} ]; do sleep 0.05; done; seq 1 50000")
    house.running(job, b"begun")
    server.kill()
    usual = server.settings["DATABASE_URL"]
    server.settings["DATABASE_URL"] = only_to_read(usual)
    server.start()
    gate.touch()
    refused = re.compile(r"POST path=/agents/\S+ status=503")
    eventually(lambda: refused.search(server.log.read_text()), what="a call that is refused")
    assert house.job(job).status == "running"
    server.kill()
    server.settings["DATABASE_URL"] = usual
    server.start()
    assert house.final(job).status == "done"
    assert house.log(job) == b"begun\n" + b"".join(b"%d\n" % n for n in range(1, 50001))
    assert [attempt.number for attempt in house.attempts(job)] == [1]


def only_to_read(url):
    """The same database, opened so that nothing can be written."""
    if url.startswith("sqlite:///"):
        return f"sqlite:///file:{url.removeprefix('sqlite:///')}?mode=ro&uri=true"
    return f"{url}?options=-c%20default_transaction_read_only%3Don"


def test_an_upload_goes_on_where_it_was(server, agent, tmp_path):
    house, size = server.house, 64_000_000
    job = house.submit(f"mkdir out; truncate -s {size} out/big", artifacts=("out",))
    contents = house.app.extensions["settings"].data_dir / "artifacts/.content"

    def arrived() -> int:
        return sum(file.stat().st_size for file in contents.rglob("*") if file.is_file())

    eventually(lambda: arrived() > 4_000_000, what="the first pieces")
    server.kill()
    assert arrived() < size, "it was quicker than this test"
    server.start()
    assert house.final(job).status == "done"
    assert house.artifacts(job)["out/big"] == bytes(size)
    # Nothing that had arrived was sent again.
    assert "1 file kept, 64.0 MB; 64.0 MB were sent." in house.log(job).decode()
    assert [attempt.number for attempt in house.attempts(job)] == [1]
