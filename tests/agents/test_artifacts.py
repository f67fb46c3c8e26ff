"""Saying what a job leaves, and being done."""

import pytest
from sqlalchemy import select

from tests.agents.books import attempt_row, job_row, newest_event
from tests.agents.machine import AgentPeer, described_file, digest
from tests.people import TESTS
from webapp.agents import artifacts as room
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.extensions import db
from webapp.models.artifact import Artifact, file_named, kept_attempt, totals
from webapp.models.blob import COMING, GOING, WHOLE, Blob
from webapp.models.job_moves import stop_job
from webapp.models.transaction import writing
from webapp.storage import store_named
from webapp.storage.content import Content

FILES = {"output/a.txt": b"alpha", "output/deep/b.bin": bytes(range(256))}


def content_of(job, path, attempt=1):
    row = file_named(job, attempt, path)
    store = store_named(row.store)
    with store.open(Content(row.key, row.sha256, row.size)) as file:
        return file.read()


def states():
    return sorted(db.session.scalars(select(Blob.state)))


def paths(job, attempt=1):
    rows = (Artifact.job_id == job, Artifact.attempt == attempt)
    return sorted(db.session.scalars(select(Artifact.path).where(*rows)))


def test_what_nobody_has_is_missing(machine, job):
    answer = machine.declare(job, FILES)
    assert answer.status_code == 200
    assert answer.json["missing"] == [
        {"sha256": digest(content), "size": len(content), "offset": 0, "piece": room.PIECE}
        for content in FILES.values()
    ]


def test_when_all_is_sent_it_is_what_the_job_left(machine, job):
    answer = machine.leave(job, FILES)
    assert answer.json == {"files": 2, "size": 261, "missing": []}
    assert kept_attempt(job).number == 1 and paths(job) == sorted(FILES)
    assert {path: content_of(job, path) for path in FILES} == FILES
    event = newest_event(job_id=job)
    assert (event.what, event.why) == ("artifacts kept", "2 files")
    assert event.data == {"files": 2, "bytes": 261} and event.runner_id == machine.runner_id


def test_people_find_it_by_user_run_and_job(app, machine, job):
    machine.leave(job, FILES)
    folder = app.extensions["settings"].data_dir / "artifacts" / "max"
    (run,) = folder.iterdir()
    shown = {p.relative_to(run / job).as_posix(): p for p in run.rglob("*") if p.is_file()}
    assert {path: file.read_bytes() for path, file in shown.items()} == FILES


def test_nothing_counts_before_it_is_done(machine, job):
    machine.declare(job, FILES)
    assert kept_attempt(job) is None


def test_done_with_something_missing_says_what_and_changes_nothing(machine, job):
    machine.declare(job, FILES)
    machine.send_piece(job, digest(b"alpha"), b"alpha")
    answer = machine.call(f"jobs/{job}/artifacts/done", {"attempt": 1})
    assert [state["sha256"] for state in answer.json["missing"]] == [digest(bytes(range(256)))]
    assert kept_attempt(job) is None


def test_with_trouble_what_is_there_counts_and_people_see_why(machine, job):
    machine.declare(job, FILES)
    machine.send_piece(job, digest(b"alpha"), b"alpha")
    body = {"attempt": 1, "trouble": "The machine ended."}
    answer = machine.call(f"jobs/{job}/artifacts/done", body)
    assert answer.json == {"files": 1, "size": 5, "missing": []}
    assert paths(job) == ["output/a.txt"] and states() == [GOING, WHOLE]
    assert attempt_row(job).artifacts_trouble == "The machine ended."
    event = newest_event(job_id=job)
    assert (event.what, event.why) == ("artifacts kept in part", "The machine ended.")


def test_done_may_be_repeated_and_leaves_one_event(machine, job):
    machine.leave(job, FILES)
    before = newest_event(job_id=job).id
    answer = machine.call(f"jobs/{job}/artifacts/done", {"attempt": 1})
    assert answer.json["files"] == 2 and newest_event(job_id=job).id == before


@pytest.mark.parametrize("more", [{"output/new.txt": b"new"}, {"output/a.txt": b"changed"}])
def test_after_that_no_other_file_comes_or_changes(machine, job, more):
    """It counts by then: people would see a file whose content is not there."""
    machine.leave(job, FILES)
    answer = machine.declare(job, more)
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")
    assert "said to be complete" in answer.json["message"]
    assert {path: content_of(job, path) for path in paths(job)} == FILES
    assert machine.declare(job, FILES).json["missing"] == []


def test_the_same_content_is_sent_and_stored_once(machine, job, submit):
    submit(JobSpec("true"))
    machine.leave(job, {"a": b"same", "b": b"same"})
    (other,) = machine.poll((job, 1))["jobs"]
    assert machine.declare(other["job"], {"c": b"same"}).json["missing"] == []
    assert states() == [WHOLE]


def test_saying_it_again_changes_nothing(machine, job):
    machine.leave(job, FILES)
    assert machine.declare(job, FILES).json["missing"] == []
    assert totals(job, 1) == (2, 261)


def test_a_path_said_again_with_another_content_replaces_the_first(machine, job):
    machine.declare(job, {"a": b"old"})
    machine.leave(job, {"a": b"newer"})
    assert content_of(job, "a") == b"newer" and totals(job, 1) == (1, 5)
    assert states() == [GOING, WHOLE]


def test_a_later_attempt_replaces_what_an_earlier_one_left(machine, job):
    machine.leave(job, {"a": b"first", "both": b"both"})
    machine.finish(job, exit_code=1)
    machine.poll()
    machine.declare(job, {"b": b"second", "both": b"both"}, attempt=2)
    assert kept_attempt(job).number == 1  # until the later one is whole
    machine.leave(job, {"b": b"second", "both": b"both"}, attempt=2)
    assert kept_attempt(job).number == 2
    assert (paths(job, 1), paths(job, 2)) == ([], ["b", "both"])
    assert states() == [GOING, WHOLE, WHOLE]


def test_a_later_attempt_that_saved_nothing_leaves_the_earlier_one_alone(machine, job):
    machine.leave(job, {"a": b"first"})
    machine.finish(job, exit_code=1)
    machine.poll()
    body = {"attempt": 2, "trouble": "No time was left."}
    machine.call(f"jobs/{job}/artifacts/done", body)
    assert kept_attempt(job).number == 1 and paths(job) == ["a"]
    assert newest_event(job_id=job).what == "artifacts not kept"


def test_an_aborted_job_leaves_nothing(machine, job):
    machine.declare(job, {"a": b"x"})
    machine.send_piece(job, digest(b"x"), b"x")
    with writing():
        stop_job(TESTS, job_row(job), now(), abort=True)
    assert machine.call(f"jobs/{job}/artifacts/done", {"attempt": 1}).json["files"] == 0
    assert kept_attempt(job) is None


@pytest.mark.parametrize(
    "path",
    [
        "../a",
        "a/../b",
        "/etc/passwd",
        "a//b",
        "a/",
        "",
        ".",
        "a/.",
        "a\0b",
        "x/" * 400 + "x",
        "é" * 128,
    ],
)
def test_a_path_that_could_lead_elsewhere_is_refused(machine, job, path):
    answer = machine.declare(job, {path: b"x"})
    assert (answer.status_code, list(answer.json["fields"])) == (400, ["files.0.path"])
    assert paths(job) == []


@pytest.mark.parametrize(
    "path",
    ["..\\..\\evil", "C:\\evil", "new\nline", "\x1b[2J", "📈.png", "x" * 255, " ", "...", "-rf"],
)
def test_a_strange_name_is_kept_as_it_is_and_lies_inside_the_folder(app, machine, job, path):
    machine.leave(job, {path: b"x"})
    assert paths(job) == [path] and content_of(job, path) == b"x"
    root = app.extensions["settings"].data_dir / "artifacts"
    assert {file.parts[len(root.parts)] for file in root.rglob("*")} == {".content", "max"}


def test_names_that_differ_only_in_case_are_two_files(machine, job):
    machine.leave(job, {"README": b"big", "readme": b"small"})
    assert (content_of(job, "README"), content_of(job, "readme")) == (b"big", b"small")


def test_a_name_that_is_a_file_and_a_folder_does_no_harm(machine, job):
    assert machine.leave(job, {"a": b"file", "a/b": b"below"}).json["files"] == 2
    assert (content_of(job, "a"), content_of(job, "a/b")) == (b"file", b"below")


@pytest.mark.parametrize(
    ("field", "value"),
    [("size", -1), ("sha256", "xyz"), ("sha256", "../../x"), ("mode", 0o4755), ("mode", -1)],
)
def test_a_wrong_field_is_named(machine, job, field, value):
    file = {**described_file("a", b"x"), field: value}
    answer = machine.call(f"jobs/{job}/artifacts", {"attempt": 1, "files": [file]})
    assert (answer.status_code, list(answer.json["fields"])) == (400, [f"files.0.{field}"])


def test_one_digest_of_two_sizes_is_refused(machine, job):
    machine.leave(job, {"a": b"12345"})
    file = {**described_file("b", b"12345"), "size": 4}
    answer = machine.call(f"jobs/{job}/artifacts", {"attempt": 1, "files": [file]})
    assert answer.status_code == 400 and "another size" in answer.json["message"]


def test_more_bytes_than_the_maximum_are_refused_whole(app, machine, job):
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"artifacts_maximum": 1024})
    machine.declare(job, {"a": b"x" * 1000})
    answer = machine.declare(job, {"b": b"y" * 25})
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")
    assert "1025 bytes" in answer.json["message"] and "1024 (ARTIFACTS_MAXIMUM)" in answer.text
    assert paths(job) == ["a"]


def test_too_many_files_are_refused(machine, job, monkeypatch):
    monkeypatch.setattr(room, "MOST_FILES", 2)
    answer = machine.declare(job, {str(number): b"x" for number in range(3)})
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_more_files_than_one_call_takes_are_refused(machine, job):
    answer = machine.declare(job, {str(number): b"x" for number in range(1001)})
    assert (answer.status_code, list(answer.json["fields"])) == (400, ["files"])


def test_only_the_runner_that_has_the_attempt_may(app, machine, job):
    other = AgentPeer(app, "cd" * 32).register().start()
    for answer in (other.declare(job, FILES), machine.declare(job, FILES, attempt=2)):
        assert (answer.status_code, answer.json["code"]) == (409, "old_attempt")
    answer = other.call(f"jobs/{job}/artifacts/done", {"attempt": 1})
    assert answer.json["code"] == "old_attempt"


def test_an_attempt_that_is_over_leaves_nothing_more(machine, job):
    machine.finish(job)
    assert machine.declare(job, FILES).json["code"] == "old_attempt"


def test_an_unknown_credential_is_refused(machine, job):
    machine.credential = "unknown"
    assert machine.declare(job, FILES).status_code == 401


def test_a_content_that_is_coming_to_another_job_is_not_shared_yet(machine, job, submit):
    machine.declare(job, {"a": b"same"})
    submit(JobSpec("true"))
    (other,) = machine.poll((job, 1))["jobs"]
    assert len(machine.declare(other["job"], {"a": b"same"}).json["missing"]) == 1
    assert states() == [COMING, COMING]
    machine.leave(job, {"a": b"same"})
    machine.leave(other["job"], {"a": b"same"})
    assert states() == [GOING, WHOLE]
    assert content_of(other["job"], "a") == content_of(job, "a") == b"same"
