import threading

import pytest

from tests.agents.machine import AgentPeer
from tests.people import bearer
from tests.waiting import eventually


@pytest.fixture
def machine(app, people):
    return AgentPeer(app).register().start()


@pytest.fixture
def patient(app):
    """Who follows waits for more as long as in service."""
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"poll_seconds": 20})


@pytest.fixture
def job(anonymous, machine):
    body = {"workflow_file": "commands: [ls]\n"}
    anonymous.post("/api/runs/submit", json=body, headers=bearer())
    return machine.poll()["jobs"][0]["job"]


@pytest.fixture
def logs(anonymous, people):
    def call(job, **words):
        path = f"/api/jobs/{job}/logs"
        return anonymous.get(path, query_string=words, headers=bearer("viewer"))

    return call


def test_every_byte_from_any_offset(job, machine, logs):
    machine.send_log(job, b"caf\xc3\xa9\x00\xff\n")
    assert logs(job).data == b"caf\xc3\xa9\x00\xff\n"
    answer = logs(job, offset=3)
    assert answer.data == b"\xc3\xa9\x00\xff\n"
    assert (answer.headers["Log-Next-Offset"], answer.headers["Log-Finished"]) == ("8", "false")


def test_it_says_when_no_more_will_come(job, machine, logs):
    machine.send_log(job, b"x")
    machine.finish(job)
    answer = logs(job, offset=1, follow=True)
    assert (answer.data, answer.headers["Log-Finished"]) == (b"", "true")


def test_following_answers_as_soon_as_there_is_more(app, job, machine, logs, patient):
    answers = []
    headers = bearer("viewer")
    client = app.test_client()

    def follow():
        path = f"/api/jobs/{job}/logs?follow=1"
        answers.append(client.get(path, headers=headers).data)

    reader = threading.Thread(target=follow)
    reader.start()
    readers = app.extensions["wakeups"]._readers
    eventually(lambda: readers.get(f"log:{job}"), what="somebody who waits")
    machine.send_log(job, b"news")
    reader.join(timeout=10)
    assert answers == [b"news"]


def test_an_earlier_attempt_keeps_its_log(app, job, machine, logs):
    machine.send_log(job, b"first try")
    machine.report("finished", job, outcome="returned", log_size=9)
    machine.poll()
    machine.send_log(job, b"second", attempt=2)
    assert logs(job).data == b"second"
    answer = logs(job, attempt=1)
    assert (answer.data, answer.headers["Log-Finished"]) == (b"first try", "true")


def test_an_offset_beyond_the_end_is_empty(job, logs):
    assert logs(job, offset=10).headers["Log-Next-Offset"] == "10"


@pytest.mark.parametrize("words", [{"offset": "-1"}, {"offset": "x"}, {"attempt": "0"}, {"of": 1}])
def test_a_wrong_field_is_named(job, logs, words):
    answer = logs(job, **words)
    assert answer.status_code == 400
    assert list(answer.json["fields"]) == list(words)


def test_an_unknown_job_is_404(logs):
    assert logs("ffffffffffff").status_code == 404


def test_nothing_without_a_token(anonymous, people):
    assert anonymous.get("/api/jobs/ffffffffffff/logs").status_code == 401
