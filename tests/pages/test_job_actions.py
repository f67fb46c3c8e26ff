import pytest

from tests.pages.scene import jobs_of, machine, submitted, text_of
from webapp.engine.jobs import JobSpec


def statuses(run):
    return [job.status for job in jobs_of(run)]


@pytest.fixture
def run(people):
    """prepare → train, and lint beside them."""
    return submitted(
        JobSpec("true", "prepare"),
        JobSpec("true", "train", depends_on=(0,)),
        JobSpec("true", "lint"),
    )


def test_stop_asks_first_and_then_stops_it_with_what_needs_it(member, run):
    job = jobs_of(run)[0].id
    assert "Stop prepare?" in member.get(f"/jobs/{job}/stop").text
    assert statuses(run) == ["submitted"] * 3
    answer = member.post(f"/jobs/{job}/stop")
    assert answer.headers["Location"] == f"/runs/{run.name}?job={job}"
    assert statuses(run) == ["stopped", "stopped", "submitted"]
    assert "prepare: told to stop." in text_of(member.get(answer.headers["Location"]))


def test_stopping_what_is_over_says_so(member, run):
    job = jobs_of(run)[2].id
    member.post(f"/jobs/{job}/stop")
    answer = member.post(f"/jobs/{job}/stop", follow_redirects=True)
    assert "lint: is over already." in text_of(answer)


def test_resume_queues_it_again(member, run):
    job = jobs_of(run)[2].id
    member.post(f"/jobs/{job}/stop")
    answer = member.post(f"/jobs/{job}/resume", follow_redirects=True)
    assert "lint: queued again." in text_of(answer)
    assert statuses(run) == ["submitted"] * 3


def test_a_job_that_others_need_says_so_and_offers_no_button(member, run):
    job = jobs_of(run)[0].id
    member.post(f"/jobs/{job}/stop")
    answer = member.post(f"/jobs/{job}/resume", follow_redirects=True)
    assert "prepare: other jobs depend on it." in text_of(answer)
    assert "Resume this job" not in answer.text


def test_buttons_are_those_that_help(app, member, run):
    job = jobs_of(run)[2].id
    address = f"/runs/{run.name}?job={job}"
    assert "Stop this job" in member.get(address).text
    member.post(f"/jobs/{job}/stop")
    page = member.get(address).text
    assert "Stop this job" not in page and "Resume this job" in page


def test_a_run_of_one_job_has_the_buttons_of_the_run_only(app, member, people):
    machine(app)
    assert "this job" not in member.get(f"/runs/{submitted().name}").text


def test_a_viewer_may_not(viewer, run):
    job = jobs_of(run)[0].id
    assert "this job" not in viewer.get(f"/runs/{run.name}").text
    assert viewer.post(f"/jobs/{job}/stop").status_code == 403
    assert viewer.post(f"/jobs/{job}/resume").status_code == 403
    assert statuses(run) == ["submitted"] * 3


def test_an_unknown_job_is_404(member):
    for action in ("stop", "resume"):
        answer = member.post(f"/jobs/000000000000/{action}")
        assert answer.status_code == 404 and "There is no such job." in answer.text
