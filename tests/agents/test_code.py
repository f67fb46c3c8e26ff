"""What a job's thread asks before the first command: where its files come from."""

import io

import pytest

from tests.agents.machine import AgentPeer
from tests.people import TESTS
from webapp.agents.pieces import PIECE
from webapp.archives import archive_store
from webapp.clock import now
from webapp.engine.jobs import Code, JobSpec
from webapp.engine.repository_access import Credentials
from webapp.models.repo import repo_at
from webapp.models.repo_changes import delete_repo, keep_repo
from webapp.models.submission import submit_run
from webapp.models.transaction import writing

URL, HASH = "https://me@github.com/me/thing.git", "a" * 40
KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
HOST = f"github.com ssh-ed25519 {KEY}\n"
CALLS = ("code", "diff", "archive", "hosts")


@pytest.fixture
def repo(people):
    with writing():
        given = Credentials(token="sesame", user_name="me")
        keep_repo(TESTS, people["member"].id, URL, given, HOST, now())
    return repo_at(URL)


@pytest.fixture
def held(machine, people):
    """A job of this code that the machine holds; its id."""

    def call(**code):
        with writing():
            submit_run(TESTS, people["member"].id, [JobSpec("true")], now(), code=Code(**code))
        (job,) = machine.poll()["jobs"]
        assert job["needs"] == ["code"]
        return job["job"]

    return call


def ask(machine, job, call, **body):
    more = {"diff": {"offset": 0}, "archive": {"offset": 0}, "hosts": {"known_hosts": ""}}
    return machine.call(f"jobs/{job}/{call}", {"attempt": 1, **more.get(call, {}), **body})


def test_a_commit_comes_with_what_opens_its_repository(machine, held, repo):
    job = held(repo_url="https://github.com/me/thing/", repo_branch="main", repo_hash=HASH)
    assert ask(machine, job, "code").json == {
        "kind": "git",
        "url": "https://github.com/me/thing.git",
        "local": False,
        "branch": "main",
        "hash": HASH,
        "diff_size": 0,
        "user_name": "me",
        "secret": "sesame",
        "private_key": None,
        "passphrase": None,
        "known_hosts": HOST,
    }


def test_local_changes_come_in_pieces_with_the_end_of_their_last_line(machine, held, repo):
    diff = "+ä\r\n" + "x" * PIECE
    job = held(repo_url=URL, repo_hash=HASH, repo_diff=diff)
    assert ask(machine, job, "code").json["diff_size"] == len(diff.encode()) + 1
    first = ask(machine, job, "diff")
    assert (first.mimetype, len(first.data)) == ("application/octet-stream", PIECE)
    rest = ask(machine, job, "diff", offset=PIECE).data
    assert first.data + rest == diff.encode() + b"\n"
    assert ask(machine, job, "diff", offset=len(first.data + rest)).data == b""


def test_an_archive_comes_in_pieces(machine, held):
    content = bytes(range(256)) * (PIECE // 256) + b"end"
    with archive_store().receiving(io.BytesIO(content), 10**8) as received:
        received.keep()
    job = held(archive=received.sha)
    told = ask(machine, job, "code").json
    assert told == {"kind": "archive", "sha256": received.sha, "size": len(content)}
    pieces = [ask(machine, job, "archive", offset=at).data for at in (0, PIECE, PIECE + 3)]
    assert b"".join(pieces) == content and pieces[2] == b""


def test_hosts_that_a_clone_met_first_are_remembered_and_known_ones_keep_their_key(
    machine, held, repo
):
    job = held(repo_url=URL, repo_hash=HASH)
    seen = HOST.replace("OMqq", "XXXX") + HOST.replace("github.com", "other.example.org")
    assert ask(machine, job, "hosts", known_hosts=seen).json == {}
    assert [key.host for key in repo_at(URL).hosts] == ["github.com", "other.example.org"]
    assert HOST in repo_at(URL).known_hosts


def test_a_repository_that_was_deleted_is_said(machine, held, repo):
    job = held(repo_url=URL, repo_hash=HASH)
    with writing():
        delete_repo(TESTS, repo, now())
    for call in ("code", "hosts"):
        answer = ask(machine, job, call)
        assert (answer.status_code, answer.json["code"]) == (404, "no_code")
    assert f"does not know the repository {URL}" in answer.json["message"]


def test_a_local_repository_is_not_handed_out_where_that_is_not_allowed(machine, held, people):
    with writing():
        keep_repo(TESTS, people["member"].id, "/srv/thing", Credentials(), "", now())
    assert ask(machine, held(repo_url="/srv/thing", repo_hash=HASH), "code").status_code == 404


def test_an_archive_that_is_gone_is_said(machine, held):
    job = held(archive="b" * 64)
    for call in ("code", "archive"):
        assert ask(machine, job, call).json["code"] == "no_code"


@pytest.mark.parametrize("call", CALLS)
def test_another_runner_an_old_attempt_and_a_job_that_is_over_get_nothing(
    app, machine, held, repo, call
):
    job = held(repo_url=URL, repo_hash=HASH)
    other = AgentPeer(app, "cd" * 32).register().start()
    assert ask(other, job, call).json["code"] == "old_attempt"
    assert ask(machine, job, call, attempt=2).json["code"] == "old_attempt"
    assert ask(machine, "ffffffffffff", call).json["code"] == "old_attempt"
    machine.finish(job)
    assert ask(machine, job, call).json["code"] == "old_attempt"


@pytest.mark.parametrize("call", CALLS)
def test_a_wrong_field_is_named(machine, held, repo, call):
    job = held(repo_url=URL, repo_hash=HASH)
    answer = ask(machine, job, call, attempt="x")
    assert (answer.status_code, list(answer.json["fields"])) == (400, ["attempt"])


def test_a_job_without_code_needs_none(machine, submit):
    submit(JobSpec("true"))
    assert machine.poll()["jobs"][0]["needs"] == []
