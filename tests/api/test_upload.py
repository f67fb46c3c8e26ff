"""`runs/upload`: a directory as an archive."""

import hashlib
import io
import json
import os
import tarfile

import pytest
from sqlalchemy import func, select

from tests.archives.packing import bomb, entry, tar, told, zipped
from tests.people import bearer
from webapp.archives import archive_store
from webapp.extensions import db
from webapp.models.run import Run, run_named

WORKFLOWS = "workflows:\n- {name: train, commands: ['echo ${{ n }}']}\n- {name: b, commands: b}\n"
FILES = {
    ".dstack/workflows.yaml": WORKFLOWS,
    ".dstack/variables.yaml": "variables: {global: {n: 1}}\n",
    "train.py": "print(1)\n",
}
ARCHIVE = tar(FILES)


@pytest.fixture
def upload(anonymous, people):
    def call(content, role="member", **query):
        return anonymous.post(
            "/api/runs/upload", data=content, query_string=query, headers=bearer(role)
        )

    return call


@pytest.fixture
def small(app):
    """Archives may have 2,000 bytes."""
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"archive_maximum": 2000})


def runs():
    return db.session.scalar(select(func.count()).select_from(Run))


def kept():
    return [path.name for path in archive_store().root.glob("*/*")]


@pytest.mark.parametrize(
    "content", [ARCHIVE, tar(FILES, mode="w"), zipped(FILES)], ids=["tar.gz", "tar", "zip"]
)
def test_its_workflow_becomes_a_run_with_the_archive_as_its_code(upload, content):
    answer = upload(content, workflow_name="train", variables='{"n": "7"}')
    assert answer.status_code == 200, answer.text
    run = run_named(answer.json["run_name"])
    assert (run.jobs[0].commands, run.variables, run.source) == ("echo 7", {"n": "7"}, WORKFLOWS)
    assert run.archive == hashlib.sha256(content).hexdigest()
    assert archive_store().read(run.archive, 0, 10**6) == content
    assert run.repo_url is None


def test_it_may_come_as_curl_sends_it(anonymous, people):
    kind = "application/x-www-form-urlencoded"
    url = "/api/runs/upload?workflow_name=train"
    answer = anonymous.post(url, data=ARCHIVE, headers=bearer(), content_type=kind)
    assert answer.status_code == 200, answer.text


def test_it_may_come_as_a_form(anonymous, people):
    parts = {
        "archive": (io.BytesIO(ARCHIVE), "thing.tar.gz"),
        "workflow_name": "train",
        "variables": json.dumps({"n": "8"}),
    }
    answer = anonymous.post("/api/runs/upload", data=parts, headers=bearer())
    assert answer.status_code == 200, answer.text
    assert run_named(answer.json["run_name"]).jobs[0].commands == "echo 8"


def test_the_same_archive_is_kept_once(upload):
    for _ in range(2):
        assert upload(ARCHIVE, workflow_name="train").status_code == 200
    assert len(kept()) == 1 and runs() == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no archive"),
        (b"hello", "no archive"),
        (ARCHIVE[:-50], "damaged"),
        (tar({**FILES, "../x": "y"}), "../x: a name with `..`"),
        (tar({**FILES, "/etc/x": "y"}), "/etc/x"),
        (zipped({**FILES, "a/../../x": "y"}), "a/../../x"),
        (tar(FILES, entry("out", tarfile.SYMTYPE, "../..")), "out: this link leaves"),
        (tar(FILES, entry("dev", tarfile.CHRTYPE)), "dev: only files"),
        (tar({"thing-main/.dstack/workflows.yaml": WORKFLOWS}), "at the top of the archive"),
        (tar({**FILES, ".dstack/workflows.yaml": b"caf\xe9"}), "not text in UTF-8"),
    ],
    ids=told,
)
def test_what_is_no_good_archive_is_refused_and_not_kept(upload, content, words):
    answer = upload(content, workflow_name="train")
    assert (answer.status_code, answer.json["code"]) == (400, "bad_archive")
    assert words in answer.json["message"] and list(answer.json["fields"]) == ["archive"]
    assert kept() == [] and runs() == 0


def test_a_small_archive_that_unpacks_to_much_is_refused(upload, small):
    answer = upload(bomb(1024 * 1024)[:2000], workflow_name="train")
    assert (answer.status_code, kept()) == (400, [])
    assert "unpacked" in answer.json["message"]


def test_a_large_archive_is_refused_as_too_large(upload, small):
    answer = upload(b"x" * 2001)
    assert (answer.status_code, answer.json["code"], kept()) == (413, "too_large", [])
    assert upload(b"x" * 2_000_000).status_code == 413


def test_other_calls_take_no_more_than_before(app, anonymous, people):
    content = b'{"workflow_file": "' + b"x" * (17 * 1024 * 1024) + b'"}'
    answer = anonymous.post("/api/runs/submit", data=content, headers=bearer())
    assert answer.status_code == 413


def test_an_archive_above_the_usual_size_of_a_body_is_taken(upload):
    content = tar({**FILES, "data.bin": b"\0" * 17 * 1024 * 1024}, mode="w")
    assert upload(content, workflow_name="train").status_code == 200


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "workflow_name"),
        ({"workflow_name": "other"}, "workflow_name"),
        ({"workflow_name": "train", "variables": "{"}, "variables"),
        ({"workflow_name": "train", "variables": '{"m": "1"}'}, "variables"),
        ({"workflow_name": "train", "variables": '{"n": 1}'}, "variables.n"),
        ({"workflow_name": "train", "branch": "x"}, "branch"),
    ],
)
def test_a_wrong_word_is_named(upload, query, field):
    answer = upload(ARCHIVE, **query)
    assert (answer.status_code, list(answer.json["fields"])) == (400, [field]), answer.text
    assert runs() == 0


def test_a_form_without_the_archive_is_told_what_is_missing(anonymous, people):
    parts = {"workflow_name": "train", "other": (io.BytesIO(b"x"), "x")}
    answer = anonymous.post("/api/runs/upload", data=parts, headers=bearer())
    assert (answer.status_code, list(answer.json["fields"])) == (400, ["archive"])


def test_a_viewer_uploads_nothing(upload):
    assert upload(ARCHIVE, role="viewer").status_code == 403 and kept() == []


def test_under_a_key_it_is_one_run_however_often_it_is_sent(anonymous, people):
    headers = {**bearer(), "Idempotency-Key": "once"}
    sent = {"query_string": {"workflow_name": "train"}, "headers": headers}
    answers = [anonymous.post("/api/runs/upload", data=ARCHIVE, **sent) for _ in range(2)]
    assert answers[0].json == answers[1].json and runs() == 1
    other = anonymous.post("/api/runs/upload", data=tar({**FILES, "b": "c"}), **sent)
    assert (other.status_code, other.json["code"]) == (422, "key_reused")


def test_a_full_disk_is_told_and_leaves_nothing(upload, monkeypatch):
    def full(handle, _mode):
        os.close(handle)
        return open("/dev/full", "wb")

    monkeypatch.setattr("webapp.archives.store.os.fdopen", full)
    answer = upload(ARCHIVE, workflow_name="train")
    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert answer.json["message"].startswith("The server's disk is full")
    monkeypatch.undo()
    assert (runs(), kept(), list(archive_store().root.glob("incoming-*"))) == (0, [], [])
    assert upload(ARCHIVE, workflow_name="train").status_code == 200
