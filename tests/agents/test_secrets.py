import pytest

from tests.agents.machine import AgentPeer
from tests.people import TESTS
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.models.secret import delete_secret, set_secret
from webapp.models.transaction import writing

VALUES = {"API_KEY": "the value of it", "CERTIFICATE": "two\nlines\n"}


@pytest.fixture
def secrets(app):
    with writing():
        for name, value in VALUES.items():
            set_secret(TESTS, name, value, now())


def fetch(machine, job, attempt=1):
    return machine.call(f"jobs/{job}/secrets", {"attempt": attempt})


def test_a_job_needs_them_when_there_are_any_and_is_not_described_with_them(
    machine, secrets, submit
):
    submit(JobSpec("true", environment={"MINE": "1"}))
    (payload,) = machine.poll()["jobs"]
    assert payload["needs"] == ["secrets"]
    assert "API_KEY" not in str(payload) and "the value" not in str(payload)


def test_a_job_needs_none_when_there_are_none(machine, submit):
    submit()
    (payload,) = machine.poll()["jobs"]
    assert payload["needs"] == []


def test_the_runner_of_the_attempt_gets_all_of_them(machine, secrets, job):
    answer = fetch(machine, job)
    assert (answer.status_code, answer.json) == (200, {"secrets": VALUES})
    assert fetch(machine, job).json == {"secrets": VALUES}, "the answer may have been lost"


def test_the_last_one_may_be_deleted_meanwhile(machine, secrets, job):
    with writing():
        for name in VALUES:
            delete_secret(TESTS, name, now())
    assert fetch(machine, job).json == {"secrets": {}}


def test_another_runner_gets_nothing(app, machine, secrets, job):
    other = AgentPeer(app, "cd" * 32).register().start()
    answer = fetch(other, job)
    assert (answer.status_code, answer.json["code"]) == (409, "old_attempt")
    assert "API_KEY" not in answer.text


@pytest.mark.parametrize("attempt", [2, 9])
def test_an_attempt_that_is_not_there_gets_nothing(machine, secrets, job, attempt):
    assert fetch(machine, job, attempt).json["code"] == "old_attempt"


def test_an_attempt_that_is_over_gets_nothing(machine, secrets, job):
    machine.finish(job)
    assert fetch(machine, job).json["code"] == "old_attempt"


@pytest.mark.parametrize("job_id", ["ffffffffffff", "x", "%F0"])
def test_a_job_that_is_not_there_gives_nothing(machine, secrets, job, job_id):
    assert fetch(machine, job_id).json["code"] == "old_attempt"


@pytest.mark.parametrize("body", [{}, {"attempt": "x"}, {"attempt": 0}, {"attempt": 1, "x": 1}])
def test_a_wrong_field_is_named(machine, secrets, job, body):
    answer = machine.call(f"jobs/{job}/secrets", body)
    assert answer.status_code == 400 and len(answer.json["fields"]) == 1


def test_an_older_session_and_a_stranger_get_nothing(machine, secrets, job):
    session, machine.session = machine.session, "00000000-0000-0000-0000-000000000000"
    assert fetch(machine, job).json["code"] == "old_session"
    machine.session, machine.credential = session, "unknown"
    assert fetch(machine, job).status_code == 401
