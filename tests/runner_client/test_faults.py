"""What the network and the server may do to an agent, and what it makes of it."""

import signal
from pathlib import Path

import pytest

from tests.runner_client.peer import EMPTY, GATEWAY, LIST, NONSENSE, SHORT, job, refusal
from tests.waiting import eventually

NAME = "0123456789ab"


@pytest.mark.parametrize("nonsense", [GATEWAY, NONSENSE, EMPTY, LIST, SHORT, "hang up"])
def test_an_answer_of_every_strange_kind_is_waited_out(peer, configured, nonsense):
    peer.faults["poll"] = [nonsense]
    peer.jobs = [job(NAME, "echo hello")]
    configured.start()
    assert eventually(lambda: peer.finished(NAME))[0]["exit_code"] == 0


@pytest.mark.parametrize("path", ["start", "poll", "reports", "log", "heartbeat"])
def test_trouble_with_every_call_loses_nothing_and_is_told_once(peer, configured, path):
    peer.faults[path] = [GATEWAY, "hang up", SHORT]
    peer.jobs = [job(NAME, "echo hello; while [ ! -e go ]; do sleep 0.05; done; echo world")]
    agent = configured.start()
    eventually(lambda: not peer.faults[path], what="all faults")
    folder = eventually(lambda: next((agent.home / "jobs").glob("*/work"), None))
    (folder / "go").touch()
    eventually(lambda: peer.finished(NAME))
    assert bytes(peer.logs[NAME]) == b"hello\nworld\n"
    assert peer.finished(NAME)[0]["exit_code"] == 0
    assert agent.process.poll() is None
    assert agent.words().count("trying again") <= 1


def test_a_job_whose_answer_was_lost_runs_once(peer, configured, tmp_path):
    peer.jobs = [job(NAME, f"echo run >> {tmp_path}/runs")]
    peer.faults["poll"] = ["hang up"]
    configured.start()
    eventually(lambda: peer.finished(NAME))
    assert (tmp_path / "runs").read_text() == "run\n"


def test_books_that_do_not_know_the_end_of_an_attempt_are_told_it_again(peer, configured, tmp_path):
    """A server that was restored from a backup asks for what has ended here since."""
    peer.jobs = [job(NAME, f"echo run >> {tmp_path}/runs; exit 3")]
    configured.start()
    first = eventually(lambda: peer.finished(NAME))[0]
    peer.reports = []  # the books of the peer
    again = eventually(lambda: peer.finished(NAME), what="the same report again")[0]
    assert (again, again["exit_code"]) == (first, 3)
    assert (tmp_path / "runs").read_text() == "run\n"


def test_the_last_report_follows_the_whole_log_and_counts_it(peer, configured):
    peer.jobs = [job(NAME, "seq 1 100000")]
    configured.start()
    report = eventually(lambda: peer.finished(NAME))[0]
    assert report["log_size"] == len(peer.logs[NAME]) == 588895
    last_log = max(n for n, (path, _) in enumerate(peer.calls) if path == "log")
    last_report = max(n for n, (_, body) in enumerate(peer.calls) if "finished" in str(body))
    assert last_report > last_log


def test_chunks_that_are_too_large_are_made_smaller(peer, configured):
    peer.faults["log"] = [refusal(413, "too_large")] * 2
    peer.jobs = [job(NAME, "seq 1 50000")]
    configured.start()
    eventually(lambda: peer.finished(NAME))
    assert len(peer.logs[NAME]) == 288894
    assert max(len(body) for body in peer.made("log")[2:]) <= 65536 // 4


def test_an_old_attempt_is_killed_and_not_spoken_of_again(peer, configured):
    peer.faults["log"] = [refusal(409, "old_attempt")]
    peer.jobs = [job(NAME, "echo up; sleep 4848.5")]
    agent = configured.start()
    eventually(lambda: peer.made("log"))
    peer.jobs = []
    eventually(lambda: agent.jobs_left() == [])
    assert not peer.finished(NAME)


def test_an_order_that_is_repeated_does_not_become_a_loop(peer, configured):
    peer.terms["stop_grace_seconds"] = 3
    peer.jobs = [job(NAME, "trap '' TERM; echo up; while :; do sleep 0.1; done")]
    configured.start()
    eventually(lambda: peer.logs[NAME])
    peer.orders = [{"job": NAME, "attempt": 1, "order": "stop"}]
    before = len(peer.made("poll"))
    assert eventually(lambda: peer.finished(NAME))[0]["outcome"] == "stopped"
    assert len(peer.made("poll")) - before < 15


def test_a_job_of_unknown_shape_fails_with_a_sentence_and_the_others_run(peer, configured):
    peer.jobs = [job(NAME, "true", environment={"A": 1}), job("ba9876543210", "true"), {"job": 7}]
    configured.start()
    assert "not a text" in eventually(lambda: peer.finished(NAME))[0]["reason"]
    assert eventually(lambda: peer.finished("ba9876543210"))[0]["outcome"] == "exited"


def test_a_fault_of_the_server_in_the_middle_of_a_life_begins_another_one(peer, configured):
    agent = configured.start()
    eventually(lambda: peer.made("poll"))
    peer.faults["poll"] = [refusal(409, "old_session", "Another start has taken over.")]
    eventually(lambda: len(peer.made("start")) == 2)
    first, second = peer.made("start")
    assert second["previous_session"] == first["session"] != second["session"]
    assert "taken over" in agent.words()


def test_a_clone_takes_a_credential_of_its_own_and_goes_on(peer, configured):
    peer.faults["start"] = [refusal(409, "clone")]
    configured.start()
    eventually(lambda: peer.made("poll"))
    assert len(peer.made("clone")) == 1
    assert "c-peer-1" in configured.home.joinpath("runner.yaml").read_text()


def test_a_removed_runner_says_what_to_do_and_stays(peer, configured):
    peer.faults["poll"] = [refusal(403, "runner_removed", "The runner peer-0 was removed.")]
    agent = configured.start()
    eventually(lambda: "run dstack-runner config again" in agent.words())
    assert agent.process.poll() is None


def test_a_stop_while_the_server_is_away_needs_no_server(peer, configured):
    peer.faults["start"] = [GATEWAY] * 100
    agent = configured.start()
    eventually(lambda: len(peer.made("start")) > 1)
    agent.signal(signal.SIGTERM)
    assert agent.ended(10) == 0


def test_the_credential_is_in_no_line_and_no_argument(peer, configured):
    agent = configured.start("--log-level", "debug")
    eventually(lambda: peer.made("poll"))
    command = Path(f"/proc/{agent.process.pid}/cmdline").read_text()
    status = eventually(agent.status)
    assert status["pid"] == agent.process.pid
    assert "c-peer" not in agent.words() + command + str(status)
