"""`GET runs/<name>/logs`: all jobs' logs in order."""

import threading

import pytest

from tests.agents.machine import AgentPeer
from tests.people import TESTS, bearer
from tests.waiting import eventually
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.models.run import run_named
from webapp.models.submission import submit_run
from webapp.models.transaction import writing


@pytest.fixture
def machine(app, people):
    return AgentPeer(app).register().start()


@pytest.fixture
def patient(app):
    """Who follows waits for more as long as in service."""
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"poll_seconds": 20})


@pytest.fixture
def run_name(people, machine):
    """Two jobs, both running."""
    specs = [JobSpec("a", "prepare"), JobSpec("b", "train", retries=1)]
    with writing():
        name = submit_run(TESTS, people["member"].id, specs, now())
    assert len(machine.poll()["jobs"]) == 2
    return name


@pytest.fixture
def jobs(run_name):
    return [job.id for job in run_named(run_name).jobs]


@pytest.fixture
def logs(anonymous, people, run_name):
    def call(cursor=None, **words):
        query = {**words, **({"cursor": cursor} if cursor else {})}
        path = f"/api/runs/{run_name}/logs"
        answer = anonymous.get(path, query_string=query, headers=bearer("viewer"))
        assert answer.status_code == 200, answer.text
        ended = answer.headers["Log-Finished"] == "true"
        return answer.data, answer.headers["Log-Next-Cursor"], ended

    return call


def test_job_after_job_whichever_printed_first(machine, jobs, logs):
    machine.send_log(jobs[1], b"second\n")
    machine.send_log(jobs[0], b"first\n")
    assert logs() == (b"first\n", "0.1.6", False)
    machine.finish(jobs[0])
    assert logs() == (b"first\nsecond\n", "1.1.7", False)
    machine.finish(jobs[1])
    assert logs() == (b"first\nsecond\n", "1.1.7", True)


def test_it_goes_on_at_the_cursor(machine, jobs, logs):
    machine.send_log(jobs[0], b"caf\xc3\xa9\x00")
    assert logs("0.1.3") == (b"\xc3\xa9\x00", "0.1.6", False)
    assert logs("0.1.6") == (b"", "0.1.6", False)
    machine.send_log(jobs[0], b"!", 6)
    machine.finish(jobs[0])
    machine.send_log(jobs[1], b"b")
    assert logs("0.1.6") == (b"!b", "1.1.1", False)


def test_who_follows_reads_the_next_attempt_too(machine, jobs, logs):
    machine.finish(jobs[0])
    machine.send_log(jobs[1], b"one ")
    _, cursor, _ = logs()
    machine.finish(jobs[1], exit_code=1)
    assert logs(cursor)[2] is False, "it is tried again"
    machine.poll()
    machine.send_log(jobs[1], b"two", attempt=2)
    machine.finish(jobs[1], attempt=2)
    assert logs(cursor) == (b"two", "1.2.3", True)
    assert logs()[0] == b"two", "who begins reads the last attempt"


def test_headings_say_which_job_it_is(machine, jobs, logs):
    machine.send_log(jobs[0], b"first\n")
    machine.finish(jobs[0])
    machine.send_log(jobs[1], b"second\n")
    one = f"==> {jobs[0]} prepare, attempt 1 <==\n"
    two = f"==> {jobs[1]} train, attempt 1 <==\n"
    assert logs(headings=True)[0].decode() == f"{one}first\n{two}second\n"
    assert logs("0.1.3", headings=True)[0].decode() == f"st\n{two}second\n"


def test_a_job_that_never_began_has_nothing_to_say(anonymous, people):
    with writing():
        name = submit_run(TESTS, people["member"].id, [JobSpec("a")], now())
    path, headers = f"/api/runs/{name}/logs", bearer()
    answer = anonymous.get(path, headers=headers)
    assert (answer.data, answer.headers["Log-Finished"]) == (b"", "false")
    anonymous.post("/api/runs/stop", json={"run_name": name}, headers=headers)
    assert anonymous.get(path, headers=headers).headers["Log-Finished"] == "true"


def test_following_answers_as_soon_as_there_is_more(app, machine, jobs, run_name, patient):
    answers, headers, client = [], bearer("viewer"), app.test_client()
    path = f"/api/runs/{run_name}/logs?follow=1"
    reader = threading.Thread(target=lambda: answers.append(client.get(path, headers=headers).data))
    reader.start()
    waiting = app.extensions["wakeups"]._readers
    eventually(lambda: waiting.get(f"log:{jobs[0]}"), what="somebody who waits")
    machine.send_log(jobs[0], b"news")
    reader.join(timeout=10)
    assert answers == [b"news"]


@pytest.mark.parametrize("words", ["cursor=x", "cursor=1.2", "cursor=-1.0.0", "follow=x", "off=1"])
def test_a_wrong_field_is_named(anonymous, run_name, words):
    answer = anonymous.get(f"/api/runs/{run_name}/logs?{words}", headers=bearer())
    assert (answer.status_code, list(answer.json["fields"])) == (400, [words.partition("=")[0]])


def test_a_place_behind_everything_is_the_end(logs):
    assert logs("999999.0.0") == (b"", "999999.0.0", True)


def test_an_unknown_run_is_404_and_nothing_without_a_token(anonymous, people):
    path = "/api/runs/no-such-1/logs"
    assert anonymous.get(path, headers=bearer()).status_code == 404
    assert anonymous.get(path).status_code == 401
