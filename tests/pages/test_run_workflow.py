import io

from sqlalchemy import select

from tests.pages.scene import jobs_of, text_of
from webapp.extensions import db
from webapp.models.run import Run

TWO = "workflows:\n  - name: a\n    commands: [echo a]\n  - name: b\n    commands: [echo b]\n"


def the_run():
    return db.session.scalars(select(Run)).one()


def nothing_was_submitted():
    return db.session.scalar(select(Run)) is None


def test_it_offers_an_example_to_begin_with(member):
    page = member.get("/runs/new").text
    assert "workflows:" in page and 'type="file"' in page


def test_it_submits_what_was_pasted(member):
    answer = member.post("/runs/new", data={"text": "commands: [echo hello]\n"})
    run = the_run()
    assert answer.headers["Location"] == f"/runs/{run.name}" and run.source.startswith("commands")
    assert "echo hello" in jobs_of(run)[0].commands and run.user.name == "max"


def test_it_submits_a_file_instead_of_the_text(member):
    file = (io.BytesIO(b"\xef\xbb\xbfcommands: [echo file]"), "workflows.yaml")
    member.post("/runs/new", data={"text": "commands: [echo text]", "file": file})
    assert "echo file" in jobs_of(the_run())[0].commands


def test_with_several_workflows_one_is_chosen_by_name(member):
    answer = member.post("/runs/new", data={"text": TWO})
    assert answer.status_code == 400 and "Say which workflow to run" in answer.text
    assert "echo b" in answer.text
    member.post("/runs/new", data={"text": TWO, "name": " b "})
    assert the_run().workflow_name == "b"


def test_an_unknown_name_says_which_there_are(member):
    page = text_of(member.post("/runs/new", data={"text": TWO, "name": "c"}))
    assert "There is no workflow c in the file; it has a, b." in page


def test_what_is_wrong_is_said_by_line_and_nothing_typed_is_lost(member):
    bad = "workflows:\n  - name: x\n    comands: [echo]\n    # my comment\n"
    answer = member.post("/runs/new", data={"text": bad, "name": "x"})
    assert answer.status_code == 400 and "workflows.yaml, line 3" in text_of(answer)
    assert "# my comment" in answer.text and 'aria-invalid="true"' in answer.text
    assert nothing_was_submitted()


def test_an_unknown_tag_is_said_beside_the_text(member):
    text = "commands: [train]\ndepends-on: [prepare:latest]\n"
    answer = member.post("/runs/new", data={"text": text})
    assert answer.status_code == 400
    assert "prepare:latest: no run has the tag latest." in text_of(answer)
    assert "depends-on: [prepare:latest]" in answer.text and nothing_was_submitted()


def test_an_uploaded_file_with_mistakes_is_put_into_the_text(member):
    file = (io.BytesIO(b"comands: [echo]"), "w.yaml")
    answer = member.post("/runs/new", data={"file": file})
    assert answer.status_code == 400 and "comands: [echo]" in answer.text


def test_a_file_that_is_no_text_says_so(member):
    file = (io.BytesIO(b"\xff\xfe\x00\x01"), "picture.png")
    answer = member.post("/runs/new", data={"text": "commands: [true]", "file": file})
    assert answer.status_code == 400 and "This file is not text in UTF-8." in answer.text
    assert "commands: [true]" in answer.text and nothing_was_submitted()


def test_an_empty_file_says_so(member):
    answer = member.post("/runs/new", data={"text": ""})
    assert answer.status_code == 400 and "The file is empty" in answer.text


def test_a_viewer_may_not(viewer):
    assert viewer.get("/runs/new").status_code == 403
    assert viewer.post("/runs/new", data={"text": TWO}).status_code == 403


def test_a_stranger_goes_to_the_login(anonymous, people):
    assert anonymous.get("/runs/new").headers["Location"] == "/login?next=/runs/new"


def test_variables_may_be_given_as_lines(member):
    text = "commands: ['echo ${{ n }}']\nvariables: {global: {n: 1}}\n"
    answer = member.post("/runs/new", data={"text": text, "variables": "n 2"})
    assert answer.status_code == 400 and "Line 1: expected NAME=value." in text_of(answer)
    answer = member.post("/runs/new", data={"text": text, "variables": "m=2"})
    assert answer.status_code == 400 and "variables" in text_of(answer) and nothing_was_submitted()
    member.post("/runs/new", data={"text": text, "variables": "n=2"})
    assert jobs_of(the_run())[0].commands == "echo 2"


def test_ten_megabytes_are_refused_and_not_sent_back(member):
    field = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\ncommands: [true]\r\n'
    file = b'--x\r\nContent-Disposition: form-data; name="file"; filename="w.yaml"\r\n\r\n'
    body = field + file + b"commands: " + b"x" * 10_000_000 + b"\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    answer = member.post("/runs/new", data=body, content_type=kind)
    assert answer.status_code == 400 and "may have 1000000 bytes" in answer.text
    assert len(answer.data) < 100_000 and "commands: [true]" in answer.text
    assert nothing_was_submitted()
