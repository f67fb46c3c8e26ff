"""Many small contents in one call."""

import json

import pytest

from tests.agents.machine import AgentPeer, digest
from webapp.agents import bundles as room
from webapp.extensions import db
from webapp.models.artifact import kept_attempt
from webapp.models.blob import Blob

FILES = {"a": b"alpha", "b": b"", "c": b"gamma\n", "same": b"alpha"}
CONTENTS = [b"alpha", b"", b"gamma\n"]


@pytest.fixture
def said(machine, job):
    """The job, which said that it leaves FILES."""
    assert machine.declare(job, FILES).json["bundle"] == room.PIECE
    return job


def send(machine, job, contents, named=None, attempt=1):
    head = [[digest(each), len(each)] for each in named or contents]
    body = json.dumps(head).encode() + b"\n" + b"".join(contents)
    return machine.send_raw(f"jobs/{job}/blobs?attempt={attempt}", body)


def test_all_of_them_are_whole_with_one_call(machine, said):
    answer = send(machine, said, CONTENTS)
    assert [state["whole"] for state in answer.json["states"]] == [True] * 3
    assert machine.call(f"jobs/{said}/artifacts/done", {"attempt": 1}).json["files"] == 4
    assert kept_attempt(said).number == 1


def test_it_may_be_repeated(machine, said):
    assert send(machine, said, CONTENTS).json == send(machine, said, CONTENTS).json


def test_one_that_arrived_wrong_leaves_the_others_whole(machine, said):
    answer = send(machine, said, [b"alphA", b"", b"gamma\n"], named=CONTENTS)
    assert [state.get("whole") for state in answer.json["states"]] == [None, True, True]
    assert answer.json["states"][0]["wrong"]
    assert send(machine, said, [b"alpha"]).json["states"][0]["whole"]


def test_what_was_begun_in_pieces_is_finished_by_it(machine, said):
    machine.send_piece(said, digest(b"alpha"), b"al")
    assert send(machine, said, CONTENTS).json["states"][0]["whole"]


def test_a_content_that_came_in_elsewhere_first_is_used(machine, said, submit):
    (other,) = submit().jobs
    machine.poll((said, 1))
    machine.leave(other, {"x": b"alpha"})
    send(machine, said, CONTENTS)
    machine.call(f"jobs/{said}/artifacts/done", {"attempt": 1})
    states = sorted(state for (state,) in db.session.query(Blob.state))
    assert states == ["going", "whole", "whole", "whole"]


def test_contents_that_nobody_said_are_passed_over(machine, said):
    answer = send(machine, said, [b"never said", b"alpha"])
    assert [state["sha256"] for state in answer.json["states"]] == [digest(b"alpha")]


@pytest.mark.parametrize("head", [b"", b"nonsense\n", b"[[1,2]]\n", b'[["../x",1]]\n', b"{}\n"])
def test_a_head_that_cannot_be_read_is_refused(machine, said, head):
    answer = machine.send_raw(f"jobs/{said}/blobs?attempt=1", head + b"x")
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")


def test_only_the_runner_that_has_the_attempt_may(app, machine, said):
    other = AgentPeer(app, "cd" * 32).register().start()
    assert send(other, said, CONTENTS).json["code"] == "old_attempt"
    assert send(machine, said, CONTENTS, attempt=2).json["code"] == "old_attempt"
    answer = machine.call(f"jobs/{said}/blobs")
    assert (answer.status_code, list(answer.json["fields"])) == (400, ["attempt"])
