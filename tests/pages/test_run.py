from tests.pages.scene import jobs_of, machine, poll_of, submitted, text_of
from webapp.engine.jobs import JobSpec


def test_it_shows_status_jobs_events_and_the_workflow_file(app, viewer, people):
    run = submitted(workflow_name="train", source="workflows: []  # mine")
    page = text_of(viewer.get(f"/runs/{run.name}"))
    for text in (run.name, "Waiting… 0/1", jobs_of(run)[0].id, "run submitted", "# mine"):
        assert text in page
    assert "Just submitted: looking for a runner." in page and "Nothing printed yet." in page


def test_a_poll_is_empty_until_something_happens_to_this_run(app, viewer):
    peer, run = machine(app), submitted()
    poll = poll_of(viewer.get(f"/runs/{run.name}"))
    submitted()
    assert viewer.get(poll).status_code == 204
    peer.poll()
    answer = viewer.get(poll)
    assert "box-1" in answer.text and 'id="log"' not in answer.text


def test_it_stops_polling_when_the_run_is_finished(app, viewer):
    peer, run = machine(app), submitted()
    job = peer.poll()["jobs"][0]["job"]
    poll = poll_of(viewer.get(f"/runs/{run.name}"))
    peer.finish(job)
    answer = viewer.get(poll)
    assert "Completed 1/1" in answer.text and "hx-trigger" not in answer.text.split("<div id=")[1]
    assert 'id="poll" hx-get' not in viewer.get(f"/runs/{run.name}").text


def test_it_shows_the_log_of_the_job_that_failed(app, viewer):
    peer = machine(app)
    run = submitted(JobSpec("a"), JobSpec("b"))
    first, second = (job["job"] for job in peer.poll()["jobs"])
    peer.finish(first)
    peer.send_log(second, b"it broke\n")
    peer.finish(second, exit_code=1)
    assert "it broke" in viewer.get(f"/runs/{run.name}").text
    page = viewer.get(f"/runs/{run.name}?job={first}").text
    assert "it broke" not in page and "It printed nothing." in page


def test_each_attempt_has_its_log(app, viewer):
    peer, run = machine(app), submitted(JobSpec("a", retries=1))
    job = peer.poll()["jobs"][0]["job"]
    peer.send_log(job, b"first try\n")
    peer.finish(job, exit_code=1)
    peer.poll()
    peer.send_log(job, b"second try\n", attempt=2)
    page = viewer.get(f"/runs/{run.name}").text
    assert "second try" in page and "first try" not in page and "Attempt 1" in page
    assert "first try" in viewer.get(f"/runs/{run.name}?job={job}&attempt=1").text


def test_unknown_runs_and_jobs_are_404_in_words(app, viewer, people):
    run = submitted()
    answer = viewer.get("/runs/nobody-1")
    assert answer.status_code == 404 and "There is no run called nobody-1." in answer.text
    assert viewer.get("/runs/nobody-1/changes").status_code == 404
    assert viewer.get(f"/runs/{run.name}?job=000000000000").status_code == 404
    assert viewer.get(f"/runs/{run.name}?attempt=x").status_code == 404


def test_a_stranger_goes_to_the_login(anonymous, people):
    assert anonymous.get("/runs/some-run-1").headers["Location"] == "/login?next=/runs/some-run-1"
