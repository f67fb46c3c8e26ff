"""What becomes of a job when the server does not take what it left."""

import pytest

from runner_client.artifacts import sending
from tests.runner_client.artifact_bench import FILES, OUTPUT, bench_for, run
from tests.runner_client.artifact_peer import ArtifactPeer, refused


@pytest.fixture
def peer():
    return ArtifactPeer()


@pytest.fixture
def bench(tmp_path, peer):
    return bench_for(tmp_path, peer)


def test_a_good_end_without_its_artifacts_is_a_failure_with_a_reason(bench, peer):
    def too_much(path, body):
        if path.endswith("/artifacts"):
            raise refused("too_large", "The artifacts have 15 bytes, and 10 are kept.", 413)

    peer.fault = too_much
    became, _ = run(bench, OUTPUT)
    assert (became.outcome, became.exit_code) == ("failed", 0)
    assert became.reason == (
        "It ended well (exit code 0), but not all of its artifacts are kept: "
        "The artifacts have 15 bytes, and 10 are kept."
    )
    assert peer.done[0]["trouble"] == "The artifacts have 15 bytes, and 10 are kept."


def test_a_bad_end_stays_what_it_was(bench, peer):
    def full(path, body):
        raise refused("too_large", "Too much.", 413)

    peer.fault = full
    became, printed = run(bench, OUTPUT + "exit 3")
    assert (became.outcome, became.exit_code, became.reason) == ("exited", 3, None)
    assert "Artifacts: Too much." in printed


def test_a_server_without_room_is_asked_again_for_a_while(bench, peer, monkeypatch):
    monkeypatch.setattr("runner_client.line._LOOK_SECONDS", 0.01)
    monkeypatch.setattr(sending, "RETRY_SECONDS", 0.01)
    left = [3]

    def full(path, body):
        if "/blobs/" in path and left[0]:
            left[0] -= 1
            raise refused("cannot_keep", "The server's disk is full.")

    peer.fault = full
    became, printed = run(bench, OUTPUT)
    assert became.outcome == "exited" and peer.kept() == FILES
    assert "The server's disk is full. Trying again for 10 minutes." in printed


def test_and_not_for_ever(bench, peer, monkeypatch):
    monkeypatch.setattr(sending, "PATIENCE_SECONDS", 0)

    def full(path, body):
        if "/blobs/" in path:
            raise refused("cannot_keep", "The server's disk is full.")

    peer.fault = full
    became, _ = run(bench, OUTPUT)
    assert became.outcome == "failed" and became.reason.endswith("The server's disk is full.")
    assert peer.done[0]["trouble"] == "The server's disk is full." and peer.kept() == {}


def test_before_a_proxy_that_takes_less_the_pieces_become_smaller(bench, peer):
    def strict(path, body):
        if "/blobs" in path and len(body) > 70_000:
            raise refused("too_large", "A proxy takes no bodies of that size.", 413)

    peer.fault, peer.piece, peer.bundle = strict, 2**20, 2**20
    became, _ = run(
        bench,
        "mkdir output; for n in 1 2; do seq $n 9000 > output/$n; done; "
        "head -c 300000 /dev/zero > output/large",
    )
    assert became.outcome == "exited" and len(peer.kept()["output/large"]) == 300_000


def test_an_attempt_that_was_given_away_is_dropped(bench, peer):
    def old(path, body):
        raise refused("old_attempt", "This attempt is not this runner's any more.")

    peer.fault = old
    assert run(bench, OUTPUT)[0].outcome == "dropped"


def test_what_arrives_wrong_is_sent_again_a_few_times(bench, peer):
    def damage(path, body):
        if "/blobs/" in path and body.startswith(b"alph"):
            return {"sha256": path.split("/")[3].split("?")[0], "wrong": True}
        return None

    peer.fault, peer.piece = damage, 100
    became, _ = run(bench, OUTPUT)
    assert became.outcome == "failed"
    assert "output/a did not arrive as it is here" in became.reason
    assert peer.kept() == {"output/deep/b": b"0123456789"}


def test_a_server_that_keeps_nothing_is_not_asked_for_ever(bench, peer):
    def nothing(path, body):
        sha = path.split("/")[3].split("?")[0] if "/blobs/" in path else ""
        return {"sha256": sha, "offset": 0, "piece": 4} if sha else None

    peer.fault = nothing
    became, _ = run(bench, OUTPUT)
    assert became.outcome == "failed" and "the server keeps nothing" in became.reason
