import pytest

from tests.agents.machine import AgentPeer
from tests.people import TESTS
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.models.transaction import writing
from webapp.models.submission import submit_run


@pytest.fixture
def machine(app, people):
    return AgentPeer(app).register().start()


def submit(people, *jobs):
    with writing():
        return submit_run(TESTS, people["member"].id, jobs or [JobSpec("true")], now())


def test_it_hands_out_a_waiting_job(machine, people):
    submit(people, JobSpec("echo hello", environment={"A": "b"}))
    answer = machine.poll()
    assert [job["commands"] for job in answer["jobs"]] == ["echo hello"]
    assert answer["jobs"][0]["attempt"] == 1
    assert answer["jobs"][0]["environment"]["A"] == "b"
