import pytest

from tests.pages.scene import jobs_of, machine, poll_of, submitted, text_of
from tests.people import TESTS
from webapp.engine.jobs import JobSpec
from webapp.models.run import run_named
from webapp.models.run_moves import tag_run
from webapp.models.transaction import writing


def test_it_says_what_a_run_is_when_there_is_none(member):
    page = text_of(member.get("/runs"))
    assert "No run yet" in page and "Run workflow" in page and "Prune" in page


def test_it_lists_a_run_with_its_jobs(app, viewer, people):
    run = submitted(
        JobSpec("a", workflow_name="train"),
        JobSpec("b", workflow_name="train"),
        workflow_name="train",
        variables={"SEED": "2", "LR": "0.1"},
    )
    page = text_of(viewer.get("/runs"))
    for text in (run.name, "2 jobs", "train", "SEED: 2", "+1", "Waiting… 0/2", "just now"):
        assert text in page
    assert "Just submitted: looking for a runner." in page


def test_it_counts_what_is_finished(app, viewer):
    peer = machine(app)
    submitted(JobSpec("a"), JobSpec("b"))
    jobs = peer.poll()["jobs"]
    peer.finish(jobs[0]["job"])
    assert "Running… 1/2" in text_of(viewer.get("/runs"))
    peer.finish(jobs[1]["job"])
    assert "Completed 2/2" in text_of(viewer.get("/runs"))


def test_a_failed_run_says_why(app, viewer):
    peer = machine(app)
    submitted()
    peer.finish(peer.poll()["jobs"][0]["job"], exit_code=3)
    page = text_of(viewer.get("/runs"))
    assert "Failed 1/1" in page and "exit code 3" in page and "box-1" in page


def test_a_poll_is_empty_until_something_happens(app, viewer, people):
    submitted()
    poll = poll_of(viewer.get("/runs"))
    assert viewer.get(poll).status_code == 204
    second = submitted()
    answer = viewer.get(poll)
    assert second.name in answer.text and 'id="listing"' in answer.text
    assert viewer.get(poll_of(answer)).status_code == 204


def test_a_poll_notices_a_new_sentence_of_a_waiting_job(app, viewer, people):
    from sqlalchemy import update

    from webapp.extensions import db
    from webapp.models.job import Job

    submitted()
    poll = poll_of(viewer.get("/runs"))
    with writing():
        db.session.execute(update(Job).values(waiting="No runner is connected yet."))
    assert "No runner is connected yet." in viewer.get(poll).text


@pytest.mark.parametrize("words", ["waiting", "TRAIN", "latest", "submitted"])
def test_it_finds_by_status_workflow_or_tag(app, viewer, people, words):
    run = submitted(workflow_name="train")
    with writing():
        tag_run(TESTS, run_named(run.name), "latest", 1)
    assert run.name in text_of(viewer.get(f"/runs?q={words}"))


def test_it_finds_a_run_by_a_part_of_its_name_and_nothing_else(app, viewer, people):
    one, other = submitted(), submitted()
    page = text_of(viewer.get(f"/runs?q={one.name}"))
    assert one.name in page and other.name not in page
    assert "No run matches" in text_of(viewer.get("/runs?q=%25"))


def test_it_shows_a_page_at_a_time(app, viewer, people):
    names = [submitted().name for _ in range(52)]
    first = viewer.get("/runs")
    assert names[51] in first.text and names[1] not in first.text and "Older" in first.text
    older = viewer.get(f"/runs?before={3}").text
    assert names[1] in older and names[0] in older and names[2] not in older
    assert "Newest" in older


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40])
def test_a_strange_page_is_the_first_one(app, viewer, people, before):
    run = submitted()
    assert run.name in viewer.get(f"/runs?before={before}").text


def test_what_people_write_is_escaped(app, viewer, people):
    submitted(workflow_name="<img src=x>", variables={"<b>": "<i>"})
    page = viewer.get("/runs").text
    assert "<img src=x>" not in page and "<b>" not in page and "<i>" not in page


def test_a_viewer_sees_no_buttons(app, viewer, people):
    submitted()
    page = viewer.get("/runs").text
    assert "Run workflow" not in page and "Prune" not in page and "/stop" not in page


def test_a_stranger_goes_to_the_login(anonymous, people):
    assert anonymous.get("/runs").headers["Location"] == "/login?next=/runs"


def test_the_folders_that_a_job_leaves_lead_to_its_artifacts(app, viewer, people):
    run = submitted(JobSpec("true", artifacts=("output", "model")))
    (job,) = jobs_of(run)
    page = viewer.get("/runs").text
    assert f'href="/runs/{run.name}?job={job.id}#artifacts"' in page and "output, model" in page
