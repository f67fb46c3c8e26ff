"""From the end of a job's process to its last report."""

import hashlib
import threading
import time

import pytest

from runner_client import ending
from runner_client.artifacts import sending
from tests.runner_client.artifact_bench import FILES, OUTPUT, bench_for, run
from tests.runner_client.artifact_peer import ArtifactPeer
from tests.waiting import eventually


@pytest.fixture
def peer():
    return ArtifactPeer()


@pytest.fixture
def bench(tmp_path, peer):
    return bench_for(tmp_path, peer)


def test_a_job_that_names_none_makes_no_call(bench, peer):
    bench.run(OUTPUT)
    assert peer.calls == []


def test_what_a_good_job_left_is_kept_before_it_ends(bench, peer):
    became, printed = run(bench, OUTPUT)
    assert (became.outcome, became.exit_code) == ("exited", 0)
    assert peer.kept() == FILES and peer.done == [{"attempt": 1, "trouble": None}]
    assert printed.splitlines() == [
        "Artifacts: 2 files to keep, 15 B.",
        "Artifacts: 2 files kept, 15 B; 15 B were sent.",
    ]


@pytest.mark.parametrize(
    ("commands", "outcome"),
    [("exit 3", "exited"), ("kill -9 $$", "signalled"), ("sleep 60", "timeout")],
)
def test_what_a_bad_job_left_is_kept_too(bench, peer, commands, outcome):
    became, _ = run(bench, OUTPUT + commands, timeout=0.5)
    assert became.outcome == outcome and peer.kept() == FILES


def while_running(bench, commands, order, **more):
    """Run a job and give it an order once it printed something; its outcome and its log."""
    job = bench.job(commands, artifacts=["output"], **more)
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(bench.run_job(job)))
    thread.start()
    eventually(lambda: job.spool.total)
    order(job)
    thread.join(20)
    return outcomes[0], job.spool.read(0, 10**6).decode()


def test_what_a_stopped_job_left_is_kept(bench, peer):
    became, _ = while_running(
        bench,
        OUTPUT + "echo up; sleep 60",
        lambda job: job.control.ask(ending.stopped(time.monotonic(), 5)),
    )
    assert became.outcome == "stopped" and peer.kept() == FILES


def test_an_aborted_job_leaves_nothing(bench, peer):
    became, _ = while_running(
        bench,
        OUTPUT + "echo up; sleep 60",
        lambda job: job.control.ask(ending.aborted(time.monotonic())),
    )
    assert became.outcome == "aborted" and peer.calls == []


def test_an_abort_while_files_are_sent_ends_that(bench, peer):
    """Also when the job had been stopped before."""
    asked = threading.Event()

    def wait_for_it(path, body):
        if "/blobs/" in path:
            asked.set()
            return {"checking": True}
        return None

    peer.fault = wait_for_it
    job = bench.job(OUTPUT + "echo up; sleep 60", artifacts=["output"])
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(bench.run_job(job)))
    thread.start()
    eventually(lambda: job.spool.total)
    job.control.ask(ending.stopped(time.monotonic(), 0))
    assert asked.wait(10)
    job.control.ask(ending.aborted(time.monotonic()))
    thread.join(10)
    assert outcomes[0].outcome == "aborted" and peer.done == []


def test_when_the_machine_ends_what_was_sent_counts_and_the_rest_is_said(bench, peer):
    held = []

    def interrupt(seconds):
        now = time.monotonic()
        held[0].control.ask(ending.interrupted(now, now + seconds))

    def one_of_two(path, body):
        if "/blobs/" not in path or b"0123" in body:
            return None
        if "output/deep/b" in peer.kept_paths():
            interrupt(10)  # the machine's end is nearer than was said: the time is over
        return {"checking": True}

    def begin(job):
        held.append(job)
        interrupt(20)

    peer.fault, peer.piece = one_of_two, 100
    became, printed = while_running(bench, OUTPUT + "echo up; sleep 60", begin)
    assert became.outcome == "returned"
    sentence = "there was no time for the rest (the machine was interrupted by EC2)."
    assert peer.done == [{"attempt": 1, "trouble": sentence}]
    assert peer.kept() == {"output/deep/b": b"0123456789"}
    assert "no time for the rest" in printed


def test_a_job_may_go_on_for_hours_before_its_timeout_when_it_ends_by_itself(bench, peer):
    run(bench, OUTPUT, timeout=3600)
    assert peer.kept() == FILES


def test_only_what_the_server_misses_is_sent(bench, peer):
    peer.contents.update(ArtifactPeer((b"alpha",)).contents)
    _, printed = run(bench, OUTPUT)
    assert peer.kept() == FILES and "15 B; 10 B were sent." in printed


def test_the_same_content_is_sent_once(bench, peer):
    run(bench, "mkdir output; for n in 1 2 3; do printf same > output/$n; done")
    assert sorted(peer.kept()) == ["output/1", "output/2", "output/3"]
    assert len([path for path in peer.calls if "/blobs/" in path]) == 1


def test_what_the_server_has_of_it_is_not_sent_again(bench, peer):
    peer.partial[hashlib.sha256(b"0123456789").hexdigest()] = bytearray(b"01234567")
    _, printed = run(bench, OUTPUT)
    assert peer.kept() == FILES and "15 B; 7 B were sent." in printed


def test_many_files_are_announced_in_batches(bench, peer, monkeypatch):
    monkeypatch.setattr("runner_client.artifacts.keeping._BATCH_FILES", 3)
    run(bench, "mkdir output; for n in 1 2 3 4 5 6 7; do echo $n > output/$n; done")
    assert len(peer.kept()) == 7
    assert len([path for path in peer.calls if path.endswith("/artifacts")]) == 3


def test_small_ones_go_together_and_large_ones_by_themselves(bench, peer):
    peer.bundle, peer.piece = 2**20, 2**20
    _, printed = run(bench, OUTPUT + "head -c 70000 /dev/zero > output/large; touch output/empty")
    assert {path: len(text) for path, text in peer.kept().items()} == {
        "output/a": 5,
        "output/deep/b": 10,
        "output/empty": 0,
        "output/large": 70_000,
    }
    assert [path.split("?")[0].count("/") for path in peer.calls if "/blobs" in path] == [2, 3]
    assert "4 files kept, 70.0 kB; 70.0 kB were sent." in printed


def test_what_of_a_bundle_is_not_whole_goes_by_itself(bench, peer):
    def forget(path, body):
        return {"states": []} if "/blobs?" in path else None

    peer.bundle, peer.fault = 2**20, forget
    became, _ = run(bench, OUTPUT)
    assert became.outcome == "exited" and peer.kept() == FILES


def test_a_missing_folder_is_said_and_no_failure(bench, peer):
    became, printed = run(bench, "true")
    assert became.exit_code == 0 and became.outcome == "exited"
    assert peer.done == [{"attempt": 1, "trouble": "there is no output."}]
    assert "Artifacts: there is no output." in printed


def test_our_lines_begin_where_a_line_begins(bench, peer):
    _, printed = run(bench, "printf 'no end of line'")
    assert printed.startswith("no end of line\nArtifacts: there is no output.\n")


def test_a_file_that_cannot_be_read_is_named(bench, peer, monkeypatch):
    real = sending.opened

    def refuse(entry):
        if entry.path == "output/a":
            raise PermissionError(13, "Permission denied", entry.file)
        return real(entry)

    monkeypatch.setattr("runner_client.artifacts.reading.opened", refuse)
    became, _ = run(bench, OUTPUT)
    assert became.reason.endswith("output/a cannot be read (permission denied).")
    assert peer.kept() == {"output/deep/b": b"0123456789"}
