"""Run workflow, of a directory that is sent as an archive."""

import io
import re

import pytest
from sqlalchemy import select

from tests.archives.packing import tar, zipped
from tests.pages.scene import jobs_of, text_of
from webapp.archives import archive_store
from webapp.extensions import db
from webapp.models.run import Run

FILES = {
    ".dstack/workflows.yaml": """workflows:
- {name: a, commands: ['a ${{ n }}']}
- {name: b, commands: b}
""",
    ".dstack/variables.yaml": "variables: {a: {n: 1}}\n",
}
PAGE = "/runs/new/archive"


@pytest.fixture
def send(member):
    def call(content, name="thing.tar.gz"):
        return member.post(PAGE, data={"file": (io.BytesIO(content), name)})

    return call


@pytest.fixture
def kept(send):
    page = send(tar(FILES))
    return re.search(r'name="kept" type="hidden" value="(\w+)"', page.text)[1]


def no_run():
    return db.session.scalar(select(Run)) is None


def test_it_asks_for_an_archive(member):
    assert "at most 100 MiB" in text_of(member.get(PAGE))


@pytest.mark.parametrize("content", [tar(FILES), zipped(FILES)], ids=["tar.gz", "zip"])
def test_an_archive_is_kept_and_its_workflows_are_shown(send, content):
    page = send(content)
    assert page.status_code == 200 and "thing.tar.gz is here" in text_of(page)
    assert "Choose… a b" in text_of(page) and no_run()


def test_a_workflow_of_it_runs_without_sending_it_again(member, kept):
    page = member.post(PAGE, data={"kept": kept, "called": "thing.tar.gz", "workflow": "a"})
    assert 'name="var-n"' in page.text and "thing.tar.gz is here" in text_of(page)
    data = {"kept": kept, "workflow": "a", "var-n": "5", "run": "1"}
    answer = member.post(PAGE, data=data)
    run = db.session.scalars(select(Run)).one()
    assert answer.headers["Location"] == f"/runs/{run.name}" and run.archive == kept
    assert jobs_of(run)[0].commands == "a 5"


def test_what_is_wrong_keeps_the_archive_and_what_was_typed(member, kept):
    answer = member.post(PAGE, data={"kept": kept, "workflow": "", "run": "1"})
    assert answer.status_code == 400 and kept in answer.text and no_run()
    assert "Choose which workflow to run." in text_of(answer)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"hello", "This is no archive"),
        (tar({**FILES, "../x": "y"}), "../x: a name with `..`"),
        (tar({"x": "y"}), "There is no .dstack/workflows.yaml"),
    ],
    ids=["no archive", "..", "no workflows"],
)
def test_a_bad_archive_is_said_beside_the_field(send, content, words):
    answer = send(content)
    assert answer.status_code == 400 and words in text_of(answer)
    assert 'aria-invalid="true"' in answer.text


def test_one_that_is_too_large_is_said(app, send):
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"archive_maximum": 1024})
    answer = send(b"x" * 2000)
    assert answer.status_code == 400 and "An archive may have" in text_of(answer)


def test_no_archive_is_said(member):
    answer = member.post(PAGE, data={"run": "1"})
    assert answer.status_code == 400 and "Choose a .tar.gz or .zip" in text_of(answer)


@pytest.mark.parametrize("name", ["f" * 64, "../../etc/passwd"])
def test_one_that_is_not_here_any_more_is_asked_for_again(member, name):
    answer = member.post(PAGE, data={"kept": name, "workflow": "a", "run": "1"})
    assert answer.status_code == 400 and "send it again" in text_of(answer)
    assert "is here" not in text_of(answer)


def test_more_than_the_usual_size_of_a_form_is_taken(member):
    content = tar({**FILES, "data": b"\0" * 17 * 1024 * 1024}, mode="w")
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="big.tar"\r\n\r\n'
    kind = "multipart/form-data; boundary=x"
    answer = member.post(PAGE, data=head + content + b"\r\n--x--\r\n", content_type=kind)
    assert answer.status_code == 200 and "big.tar is here" in text_of(answer)
    assert len(list(archive_store().root.glob("??/*"))) == 1


def test_a_viewer_may_not(viewer):
    assert viewer.get(PAGE).status_code == 403
