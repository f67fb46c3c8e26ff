import pytest

from tests.agents.machine import AgentPeer
from webapp.agents.start import LOG_CHUNK
from webapp.models.transaction import announced
from webapp.storage import log_store


@pytest.fixture
def small_logs(app):
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"log_maximum": 1024})


def kept(job, attempt=1):
    return log_store().read(job, attempt, 0, 1 << 20)


def test_it_keeps_bytes_as_they_are_and_says_how_many(machine, job):
    answer = machine.send_log(job, b"caf\xe9\x00\r\n")
    assert (answer.status_code, answer.json) == (200, {"size": 7, "full": False})
    assert kept(job) == b"caf\xe9\x00\r\n"


def test_a_repeated_chunk_is_kept_once(machine, job):
    machine.send_log(job, b"hello ")
    assert machine.send_log(job, b"hello ").json["size"] == 6
    assert machine.send_log(job, b"lo world", offset=3).json["size"] == 11
    assert kept(job) == b"hello world"


def test_a_gap_keeps_nothing_and_tells_where_to_go_on(machine, job):
    machine.send_log(job, b"abc")
    assert machine.send_log(job, b"xyz", offset=9).json["size"] == 3
    assert kept(job) == b"abc"


def test_an_empty_chunk_asks_how_much_is_kept(machine, job):
    machine.send_log(job, b"abc")
    assert machine.send_log(job, b"", offset=0).json["size"] == 3


def test_a_log_that_is_full_ends_in_a_visible_mark(machine, job, small_logs):
    assert machine.send_log(job, b"x" * 2000).json == {"size": 1024, "full": True}
    assert machine.send_log(job, b"more", offset=1024).json == {"size": 1024, "full": True}
    assert kept(job) == b"x" * 1024 + b"\n[the log is cut here: 1024 bytes are kept of one job]\n"


def test_readers_hear_of_it(app, machine, job):
    words = []

    def hear(sender, word, demand):
        words.append(word)

    with announced.connected_to(hear):
        machine.send_log(job, b"x")
    assert f"log:{job}" in words


def test_the_log_of_an_attempt_that_ended_may_still_arrive(machine, job):
    machine.finish(job)
    assert machine.send_log(job, b"last words").json["size"] == 10


@pytest.mark.parametrize("attempt", [2, 7])
def test_an_attempt_that_is_not_there_is_old(machine, job, attempt):
    answer = machine.send_log(job, b"x", attempt=attempt)
    assert (answer.status_code, answer.json["code"]) == (409, "old_attempt")


def test_the_log_of_another_runners_job_is_refused(app, machine, job):
    other = AgentPeer(app, "cd" * 32).register().start()
    assert other.send_log(job, b"x").status_code == 409
    assert kept(job) == b""


@pytest.mark.parametrize("job_id", ["ffffffffffff", "..", "x"])
def test_a_job_that_is_not_there_is_refused(machine, job, job_id):
    assert machine.send_log(job_id, b"x").status_code in (404, 409)


def test_a_chunk_that_is_too_big_is_refused(machine, job):
    answer = machine.send_log(job, b"x" * (LOG_CHUNK + 1))
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("place", "field"),
    [("attempt=1", "offset"), ("attempt=x&offset=0", "attempt"), ("attempt=1&offset=-1", "offset")],
)
def test_a_wrong_field_is_named(machine, job, place, field):
    answer = machine.call(f"jobs/{job}/log?{place}")
    assert (answer.status_code, list(answer.json["fields"])) == (400, [field])


def test_an_older_session_is_told_that_it_is_over(machine, job):
    machine.session = "00000000-0000-0000-0000-000000000000"
    answer = machine.send_log(job, b"x")
    assert (answer.status_code, answer.json["code"]) == (409, "old_session")


def test_an_unknown_credential_is_refused(machine, job):
    machine.credential = "unknown"
    assert machine.send_log(job, b"x").status_code == 401
