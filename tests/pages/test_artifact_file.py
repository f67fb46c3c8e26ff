"""One file that a job left: a look at it, the file itself, a zip."""

import io
import zipfile

import pytest

from tests.pages.scene import text_of
from tests.pages.test_artifacts import left

PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)
SCRIPT = b"<script>alert(1)</script>"
FILES = {
    "plot.png": PNG,
    "table.csv": b"name;value\nx;1\ny;2\n",
    "log.txt": b"first\n" + SCRIPT + b"\nsecond\n",
    "page.html": SCRIPT,
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>",
    "model.bin": bytes(range(256)),
    "deep/empty": b"",
    "fake.png": SCRIPT,
}


@pytest.fixture
def job(app, people):
    return left(app, FILES)[1]


def get(client, job, what, path):
    with client.get(f"/jobs/{job}/artifacts/{what}", query_string={"path": path}) as answer:
        answer.get_data()
        return answer


def test_text_is_shown_as_text(viewer, job):
    answer = get(viewer, job, "file", "log.txt")
    assert "first <script>alert(1)</script> second" in text_of(answer)
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("path", ["page.html", "drawing.svg"])
def test_what_a_browser_would_run_is_shown_as_text(viewer, job, path):
    answer = get(viewer, job, "file", path)
    assert "<script>alert(1)</script>" in text_of(answer) and "<script>alert" not in answer.text
    assert get(viewer, job, "image", path).status_code == 404


def test_a_table_is_a_table(viewer, job):
    page = get(viewer, job, "file", "table.csv").text
    assert '<th scope="col">name</th><th scope="col">value</th>' in page
    assert "<tr><td>x</td><td>1</td></tr>" in page


def test_an_image_is_shown_and_sent_as_nothing_else(viewer, job):
    assert f"/jobs/{job}/artifacts/image?path=plot.png" in get(viewer, job, "file", "plot.png").text
    answer = get(viewer, job, "image", "plot.png")
    assert (answer.data, answer.content_type) == (PNG, "image/png")
    assert answer.headers["Content-Disposition"] == 'inline; filename="plot.png"'
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert get(viewer, job, "image", "fake.png").content_type == "image/png"  # and never html


def test_what_cannot_be_shown_says_so(viewer, job):
    assert "nothing to show" in text_of(get(viewer, job, "file", "model.bin"))
    assert "The file is empty." in text_of(get(viewer, job, "file", "deep/empty"))


@pytest.mark.parametrize("path", sorted(FILES))
def test_a_download_is_the_file_and_never_shown(viewer, job, path):
    answer = get(viewer, job, "download", path)
    assert answer.data == FILES[path] and answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")


def test_a_download_can_go_on_where_it_stopped(viewer, job):
    headers = {"Range": "bytes=200-"}
    address = f"/jobs/{job}/artifacts/download?path=model.bin"
    with viewer.get(address, headers=headers) as answer:
        assert (answer.status_code, answer.data) == (206, bytes(range(200, 256)))


def test_a_zip_of_everything_and_of_a_folder(viewer, job):
    with viewer.get(f"/jobs/{job}/artifacts/zip") as answer:
        whole = zipfile.ZipFile(io.BytesIO(answer.data))
        assert {name: whole.read(name) for name in whole.namelist()} == FILES
    with viewer.get(f"/jobs/{job}/artifacts/zip?folder=deep") as answer:
        assert zipfile.ZipFile(io.BytesIO(answer.data)).namelist() == ["deep/empty"]
        said = answer.headers["Content-Disposition"]
        assert said == f'attachment; filename="deep-{job}.zip"'
    assert viewer.get(f"/jobs/{job}/artifacts/zip?folder=no").status_code == 404


@pytest.mark.parametrize("what", ["file", "download", "image"])
def test_what_is_no_file_of_the_job_is_404(viewer, job, what):
    for path in ("no", "", "deep", "../../secret", "/etc/passwd"):
        answer = get(viewer, job, what, path)
        assert answer.status_code == 404 and "left no such file" in answer.text


def test_a_file_that_is_lost_on_the_disk_is_a_sentence(app, viewer, job):
    for file in (app.extensions["settings"].data_dir / "artifacts/.content").rglob("*-*"):
        file.unlink()
    for what in ("file", "download"):
        answer = get(viewer, job, what, "log.txt")
        assert answer.status_code == 503 and "No such file" in answer.text


def test_a_stranger_goes_to_the_login(app, people, anonymous, job):
    for what in ("file", "download", "image", "zip"):
        assert get(anonymous, job, what, "log.txt").headers["Location"].startswith("/login")
