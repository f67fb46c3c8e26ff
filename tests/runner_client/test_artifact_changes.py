"""Files that change while they are read."""

import itertools

import pytest

from tests.runner_client.artifact_bench import FILES, OUTPUT, bench_for, run
from tests.runner_client.artifact_peer import ArtifactPeer


@pytest.fixture
def peer():
    return ArtifactPeer()


@pytest.fixture
def bench(tmp_path, peer):
    return bench_for(tmp_path, peer)


def change_when_sent(bench, path, texts):
    """A fault that writes the next of these texts whenever the first piece of something is sent."""

    def change(called, body):
        if "/blobs/" in called and called.endswith("offset=0"):
            text = next(texts, None)
            if text is not None:
                (bench.place.jobs / "0123456789ab-1/work" / path).write_bytes(text)

    return change


def test_a_file_that_changed_once_is_read_again(bench, peer):
    peer.fault = change_when_sent(bench, "output/a", iter([b"another"]))
    became, _ = run(bench, "mkdir output; printf 0123456789 > output/a")
    assert became.outcome == "exited" and peer.kept() == {"output/a": b"another"}


def test_a_file_that_goes_on_changing_is_said(bench, peer):
    longer = (b"x" * number for number in itertools.count(10))
    peer.fault = change_when_sent(bench, "output/a", longer)
    became, printed = run(bench, "mkdir output; printf 0123456789 > output/a")
    assert became.outcome == "failed" and "output/a changed while it was read" in became.reason
    assert "Artifacts: output/a changed while it was read." in printed
    assert peer.kept() == {}


def test_a_file_that_became_shorter_is_read_again(bench, peer):
    peer.fault = change_when_sent(bench, "output/a", iter([b""]))
    became, _ = run(bench, "mkdir output; printf 0123456789 > output/a")
    assert became.outcome == "exited" and peer.kept() == {"output/a": b""}


def test_one_of_two_files_of_the_same_content_may_change(bench, peer):
    peer.fault = change_when_sent(bench, "output/1", iter([b"another"]))
    run(bench, "mkdir output; printf 0123456 > output/1; cp output/1 output/2")
    assert peer.kept() == {"output/1": b"another", "output/2": b"0123456"}


def test_what_outlives_the_job_cannot_change_its_files(bench, peer):
    endless = "while :; do echo x >> output/a; done"
    became, _ = run(bench, OUTPUT + f"setsid sh -c '{endless}' >/dev/null 2>&1 &")
    assert became.outcome == "exited" and set(peer.kept()) == set(FILES)
