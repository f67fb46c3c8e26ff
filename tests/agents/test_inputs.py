"""What a job begins with: the artifacts of the jobs that it needs."""

import pytest

from tests.agents.machine import AgentPeer, digest
from webapp.agents import inputs as room
from webapp.engine.jobs import JobSpec
from webapp.models.artifact_drop import drop_artifacts
from webapp.models.transaction import writing


@pytest.fixture
def chain(machine, submit):
    """Ids of two jobs that are done and left files, and of the one that needs both and runs."""
    keeps = {"artifacts": ("data",)}
    needed = JobSpec("a", "one", **keeps), JobSpec("b", "two", **keeps)
    run = submit(*needed, JobSpec("c", depends_on=(0, 1)))
    machine.poll()
    machine.leave(run.jobs[0], {"data/x": b"first x", "data/y": b"y"})
    machine.leave(run.jobs[1], {"data/x": b"second x"})
    for job in run.jobs[:2]:
        machine.finish(job)
    (payload,) = machine.poll()["jobs"]
    assert payload["job"] == run.jobs[2] and payload["needs"] == ["inputs"]
    return run.jobs


def listed(machine, job, start=0):
    answer = machine.call(f"jobs/{job}/inputs", {"attempt": 1, "from": start})
    assert answer.status_code == 200, answer.text
    return answer.json


def part(machine, job, content, offset=0, size=100):
    body = {"attempt": 1, "offset": offset, "size": size}
    return machine.call(f"jobs/{job}/inputs/{digest(content)}", body)


def test_files_come_in_the_order_of_the_jobs_that_left_them(machine, chain):
    answer = listed(machine, chain[2])
    assert answer["next"] is None
    files = [(f["job"], f["workflow_name"], f["path"]) for f in answer["files"]]
    assert files == [
        (chain[0], "one", "data/x"),
        (chain[0], "one", "data/y"),
        (chain[1], "two", "data/x"),
    ]
    about = {"size": 7, "sha256": digest(b"first x"), "mode": 0o644, "url": None}
    assert answer["files"][0].items() >= about.items()


def test_a_long_list_comes_in_parts(machine, chain, monkeypatch):
    monkeypatch.setattr(room, "_FILES", 2)
    first = listed(machine, chain[2])
    assert (len(first["files"]), first["next"]) == (2, 2)
    rest = listed(machine, chain[2], 2)
    assert ([f["job"] for f in rest["files"]], rest["next"]) == ([chain[1]], None)


def test_content_comes_as_raw_bytes_in_parts(machine, chain):
    answer = part(machine, chain[2], b"first x")
    assert (answer.data, answer.mimetype) == (b"first x", "application/octet-stream")
    assert part(machine, chain[2], b"first x", 6, 100).data == b"x"
    assert part(machine, chain[2], b"first x", 0, 5).data == b"first"
    assert part(machine, chain[2], b"first x", 7, 5).data == b""


def test_a_job_without_inputs_has_an_empty_list(machine, job):
    answer = listed(machine, job)
    assert (answer["files"], answer["next"]) == ([], None)


def test_only_contents_of_jobs_that_it_needs_are_given(machine, chain, submit):
    (other,) = submit(JobSpec("other")).jobs
    machine.poll((chain[2], 1))
    machine.leave(other, {"secret": b"not yours"})
    answer = part(machine, chain[2], b"not yours")
    assert (answer.status_code, answer.json["code"]) == (409, "cannot_read")


def test_a_job_whose_inputs_were_deleted_does_not_begin_without_them(machine, chain):
    with writing():
        drop_artifacts(chain[:1])
    answer = machine.call(f"jobs/{chain[2]}/inputs", {"attempt": 1})
    assert (answer.status_code, answer.json["code"]) == (409, "cannot_read")
    assert answer.json["message"] == "The artifacts of one, which the job needs, are deleted."
    answer = part(machine, chain[2], b"first x")
    assert answer.json["message"] == "A file that the job needs is not kept any more."


def test_a_needed_job_that_found_nothing_to_leave_is_no_fault(machine, submit):
    run = submit(JobSpec("a", artifacts=("out",)), JobSpec("b", depends_on=(0,)))
    machine.poll()
    body = {"attempt": 1, "trouble": "there is no out."}
    machine.call(f"jobs/{run.jobs[0]}/artifacts/done", body)
    machine.finish(run.jobs[0])
    machine.poll()
    assert listed(machine, run.jobs[1])["files"] == []


def test_a_file_that_is_lost_on_the_servers_disk_is_a_sentence(app, machine, chain):
    root = app.extensions["settings"].data_dir / "artifacts"
    for file in (root / ".content").rglob("*"):
        if file.is_file():
            file.unlink()
    answer = part(machine, chain[2], b"first x")
    assert (answer.status_code, answer.json["code"]) == (409, "cannot_read")
    assert "No such file" in answer.json["message"]


def bundle(machine, job, *contents):
    body = {"attempt": 1, "files": [digest(content) for content in contents]}
    return machine.call(f"jobs/{job}/inputs/bundle", body)


def test_several_small_ones_come_in_one_answer(machine, chain):
    answer = bundle(machine, chain[2], b"y", b"second x", b"y")
    assert (answer.data, answer.mimetype) == (b"ysecond xy", "application/octet-stream")


def test_one_that_is_not_there_refuses_all_of_them(machine, chain):
    answer = bundle(machine, chain[2], b"y", b"not there")
    assert (answer.status_code, answer.json["code"]) == (409, "cannot_read")


def test_more_than_one_answer_takes_is_refused(machine, chain, monkeypatch):
    monkeypatch.setattr(room, "_MOST_BYTES", 8)
    assert bundle(machine, chain[2], b"y", b"second x").json["code"] == "too_large"
    assert list(bundle(machine, chain[2]).json["fields"]) == ["files"]


@pytest.mark.parametrize(
    ("fields", "name"),
    [({"offset": -1}, "offset"), ({"size": 0}, "size"), ({"size": 10**9}, "size")],
)
def test_a_wrong_field_is_named(machine, chain, fields, name):
    body = {"attempt": 1, "offset": 0, "size": 1, **fields}
    answer = machine.call(f"jobs/{chain[2]}/inputs/{digest(b'y')}", body)
    assert (answer.status_code, list(answer.json["fields"])) == (400, [name])


def test_only_the_runner_that_has_the_attempt_may(app, machine, chain):
    other = AgentPeer(app, "cd" * 32).register().start()
    answer = other.call(f"jobs/{chain[2]}/inputs", {"attempt": 1})
    assert (answer.status_code, answer.json["code"]) == (409, "old_attempt")
    assert part(other, chain[2], b"y").json["code"] == "old_attempt"
