"""What jobs left, for scripts."""

import io
import zipfile
from urllib.parse import quote

import pytest

from tests.agents.machine import digest
from tests.pages.scene import jobs_of, machine, submitted
from tests.people import bearer
from webapp.engine.jobs import JobSpec

FILES = {"output/a.txt": b"0123456789", "output/deep/b": b"below", "model": b"weights"}
STRANGE = {
    "..\\..\\evil": b"1",
    "C:\\evil": b"2",
    "new\nline": b"3",
    'qu"ote;.html': b"4",
    "📈 é": b"5",
    "x" * 255: b"6",
    "CASE": b"7",
    "case": b"8",
    "a": b"9",
    "a/b": b"10",
    "%2e%2e": b"11",
}


@pytest.fixture
def job(app, people):
    return left(app, FILES)


def left(app, files):
    """Id of a job that left these files."""
    peer = machine(app)
    submitted(JobSpec("true", artifacts=("output",)))
    job = peer.poll()["jobs"][0]["job"]
    peer.leave(job, files)
    peer.finish(job)
    return job


def get(app, path, role="viewer", **more):
    headers = {**bearer(role), **more.pop("headers", {})}
    with app.test_client().get(f"/api/jobs/{path}", headers=headers, **more) as answer:
        answer.get_data()
        return answer


def test_the_list_is_ordered_by_path_and_says_of_which_attempt(app, job):
    answer = get(app, f"{job}/artifacts").json
    assert (answer["job_id"], answer["attempt"], answer["next"]) == (job, 1, None)
    assert [file["path"] for file in answer["files"]] == sorted(FILES)
    about = {"path": "model", "size": 7, "sha256": digest(b"weights"), "mode": 0o644}
    assert answer["files"][0] == about


def test_a_long_list_comes_in_parts(app, job):
    first = get(app, f"{job}/artifacts?n=2").json
    assert (len(first["files"]), first["next"]) == (2, "output/a.txt")
    rest = get(app, f"{job}/artifacts", query_string={"n": 2, "after": first["next"]}).json
    assert ([file["path"] for file in rest["files"]], rest["next"]) == (["output/deep/b"], None)


def test_a_job_that_left_nothing_has_an_empty_list(app, people):
    machine(app)
    run = submitted()
    answer = get(app, f"{jobs_of(run)[0].id}/artifacts").json
    assert (answer["files"], answer["attempt"]) == ([], None)


def test_a_file_comes_byte_for_byte_and_is_never_shown_by_a_browser(app, job):
    answer = get(app, f"{job}/artifacts/output/a.txt")
    assert (answer.status_code, answer.data) == (200, b"0123456789")
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a.txt"'
    assert answer.headers["Content-Length"] == "10"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.parametrize(
    ("range_", "status", "data", "says"),
    [
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=5-100", 206, b"56789", "bytes 5-9/10"),
        ("nonsense", 200, b"0123456789", None),
        ("bytes=0-1,4-5", 200, b"0123456789", None),
    ],
)
def test_a_range_of_it(app, job, range_, status, data, says):
    answer = get(app, f"{job}/artifacts/output/a.txt", headers={"Range": range_})
    assert (answer.status_code, answer.data) == (status, data)
    assert answer.headers.get("Content-Range") == says


def test_a_range_behind_the_end_is_refused(app, job):
    answer = get(app, f"{job}/artifacts/output/a.txt", headers={"Range": "bytes=10-"})
    assert (answer.status_code, answer.json["code"]) == (416, "wrong_range")
    assert answer.json["message"] == "The file has 10 bytes."


def test_who_has_it_already_gets_it_not_again(app, job):
    etag = get(app, f"{job}/artifacts/model").headers["ETag"]
    assert etag == f'"{digest(b"weights")}"'
    assert get(app, f"{job}/artifacts/model", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("path", ["no", "output", "output/", "../model", "output/../model"])
def test_what_is_no_file_of_the_job_is_not_there(app, job, path):
    assert get(app, f"{job}/artifacts/{path}").status_code == 404


def test_strange_names_can_be_read_and_harm_no_header(app, people):
    job = left(app, STRANGE)
    assert {file["path"] for file in get(app, f"{job}/artifacts").json["files"]} == set(STRANGE)
    for path, content in STRANGE.items():
        answer = get(app, f"{job}/artifacts/{quote(path)}")
        assert answer.data == content, path
        said = answer.headers["Content-Disposition"]
        assert said.startswith("attachment; ") and said.isascii() and "\n" not in said
        assert said.count('"') == 2


def zipped(app, path):
    answer = get(app, path)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    return zipfile.ZipFile(io.BytesIO(answer.data)), answer


def test_everything_as_a_zip(app, job):
    archive, answer = zipped(app, f"{job}/artifacts.zip")
    assert archive.testzip() is None
    assert {name: archive.read(name) for name in archive.namelist()} == FILES
    assert answer.headers["Content-Disposition"].endswith(f'-1-{job}.zip"')


def test_one_folder_as_a_zip(app, job):
    archive, _ = zipped(app, f"{job}/artifacts.zip?folder=output/")
    assert archive.namelist() == ["output/a.txt", "output/deep/b"]
    assert get(app, f"{job}/artifacts.zip?folder=Output").status_code == 404
    assert get(app, f"{job}/artifacts.zip?folder=out%25").status_code == 404


def test_no_name_in_a_zip_leads_out_of_a_folder_anywhere(app, people):
    archive, _ = zipped(app, f"{left(app, STRANGE)}/artifacts.zip")
    names = archive.namelist()
    assert len(set(names)) == len(STRANGE) and archive.testzip() is None
    for name in names:
        assert not set(name) & set("\\\n\r\0") and not name.startswith("/")
        assert ".." not in name.split("/")
    assert archive.read(".._.._evil") == b"1" and archive.read("📈 é") == b"5"


def test_modes_are_kept_in_a_zip(app, people):
    peer = machine(app)
    submitted()
    job = peer.poll()["jobs"][0]["job"]
    file = {"path": "tool", "size": 1, "sha256": digest(b"x"), "mode": 0o755}
    peer.call(f"jobs/{job}/artifacts", {"attempt": 1, "files": [file]})
    peer.send_piece(job, digest(b"x"), b"x")
    peer.call(f"jobs/{job}/artifacts/done", {"attempt": 1})
    archive, _ = zipped(app, f"{job}/artifacts.zip")
    assert archive.getinfo("tool").external_attr >> 16 == 0o100755


def test_a_file_that_is_lost_on_the_disk_is_a_sentence(app, job):
    root = app.extensions["settings"].data_dir / "artifacts/.content"
    for file in root.rglob("*-*"):
        file.unlink()
    answer = get(app, f"{job}/artifacts/model")
    assert (answer.status_code, answer.json["code"]) == (503, "cannot_read")


@pytest.mark.parametrize("clear", [True, False])
def test_restarting_a_job_drops_them_when_asked(app, job, clear):
    body = {"job_id": job, "clear": clear}
    answer = app.test_client().post("/api/jobs/restart", json=body, headers=bearer("member"))
    assert answer.status_code == 200
    assert (get(app, f"{job}/artifacts").json["files"] == []) is clear


@pytest.mark.parametrize("path", ["artifacts", "artifacts/model", "artifacts.zip"])
def test_an_unknown_job_and_a_stranger(app, people, job, path):
    assert get(app, f"000000000000/{path}").status_code == 404
    assert app.test_client().get(f"/api/jobs/{job}/{path}").status_code == 401
