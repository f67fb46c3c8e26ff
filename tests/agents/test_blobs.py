"""Pieces of a content on their way in."""

import errno

import pytest

from tests.agents.machine import AgentPeer, digest
from webapp.agents.artifacts import PIECE
from webapp.extensions import db
from webapp.models.blob import WHOLE, Blob
from webapp.storage import the_checks
from webapp.storage.checks import Checks

CONTENT = b"0123456789" * 10
SHA = digest(CONTENT)


@pytest.fixture
def said(machine, job):
    """The job, which said that it leaves CONTENT."""
    assert machine.declare(job, {"a": CONTENT}).status_code == 200
    return job


def test_pieces_make_the_whole(machine, said):
    assert machine.send_piece(said, SHA, CONTENT[:40]).json["offset"] == 40
    answer = machine.send_piece(said, SHA, CONTENT[40:], 40)
    assert answer.json == {"sha256": SHA, "size": 100, "whole": True}


def test_a_piece_that_is_repeated_or_overlaps_is_kept_once(machine, said):
    machine.send_piece(said, SHA, CONTENT[:40])
    assert machine.send_piece(said, SHA, CONTENT[:40]).json["offset"] == 40
    assert machine.send_piece(said, SHA, CONTENT[20:60], 20).json["offset"] == 60
    assert machine.send_piece(said, SHA, CONTENT, 0).json["whole"]


def test_a_gap_stores_nothing_and_says_where_to_go_on(machine, said):
    machine.send_piece(said, SHA, CONTENT[:10])
    assert machine.send_piece(said, SHA, CONTENT[50:], 50).json["offset"] == 10


def test_an_empty_piece_asks(machine, said):
    assert machine.send_piece(said, SHA, b"").json["offset"] == 0
    machine.send_piece(said, SHA, CONTENT)
    assert machine.send_piece(said, SHA, b"").json["whole"]


def test_bytes_beyond_the_announced_size_are_not_kept(machine, said):
    assert machine.send_piece(said, SHA, CONTENT + b"more").json["whole"]


def test_another_content_than_announced_is_thrown_away(machine, said):
    answer = machine.send_piece(said, SHA, b"x" * 100)
    assert answer.json == {"sha256": SHA, "size": 100, "wrong": True}
    assert machine.send_piece(said, SHA, b"").json["offset"] == 0
    assert machine.send_piece(said, SHA, CONTENT).json["whole"]


def test_an_empty_file_is_whole_with_an_empty_piece(machine, job):
    machine.declare(job, {"a": b""})
    assert machine.send_piece(job, digest(b""), b"").json["whole"]


def test_a_large_content_is_read_while_the_agent_asks(app, machine, said):
    app.extensions["artifact_checks"] = Checks(patience=0, at_once=10)
    answers = [machine.send_piece(said, SHA, CONTENT).json]
    while "whole" not in answers[-1]:
        assert answers[-1] == {"sha256": SHA, "size": 100, "checking": True}
        answers.append(machine.send_piece(said, SHA, b"").json)
    assert the_checks()._running == {}


def test_a_full_disk_is_a_sentence(machine, said, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("webapp.storage.local.fcntl.flock", full)
    answer = machine.send_piece(said, SHA, CONTENT)
    assert (answer.status_code, answer.json["code"]) == (409, "cannot_keep")
    assert answer.json["message"] == "The server's disk is full."


def test_a_content_nobody_announced_is_refused(machine, job):
    answer = machine.send_piece(job, SHA, CONTENT)
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")


@pytest.mark.parametrize("sha256", ["..", "x" * 64, "..%2F..%2Fetc"])
def test_a_digest_that_is_none_is_refused(machine, said, sha256):
    assert machine.send_piece(said, sha256, CONTENT).status_code in (400, 404)


def test_a_piece_that_is_too_big_is_refused(machine, said):
    answer = machine.send_piece(said, SHA, b"x" * (PIECE + 1))
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("place", "field"),
    [("attempt=1", "offset"), ("attempt=0&offset=0", "attempt"), ("attempt=1&offset=-1", "offset")],
)
def test_a_wrong_field_is_named(machine, said, place, field):
    answer = machine.call(f"jobs/{said}/blobs/{SHA}?{place}")
    assert (answer.status_code, list(answer.json["fields"])) == (400, [field])


def test_only_the_runner_that_has_the_attempt_may(app, machine, said):
    other = AgentPeer(app, "cd" * 32).register().start()
    assert other.send_piece(said, SHA, CONTENT).json["code"] == "old_attempt"
    machine.finish(said)
    assert machine.send_piece(said, SHA, CONTENT).json["code"] == "old_attempt"
    assert db.session.query(Blob).filter_by(state=WHOLE).count() == 0
