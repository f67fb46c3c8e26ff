"""The graph of jobs on the page of a run, and what is said of the chosen job."""

import re

from tests.pages.scene import jobs_of, machine, poll_of, submitted, text_of
from webapp.engine.jobs import JobSpec
from webapp.extensions import db
from webapp.models.job import Job
from webapp.models.transaction import writing


def spec(name, *needs):
    return JobSpec("true", name, depends_on=needs)


def chain():
    return submitted(spec("prepare"), spec("train", 0), spec("report", 1))


def labels(answer):
    """What a reader hears of each box, in order."""
    return re.findall(r'class="node [^>]*aria-label="([^"]*)"', answer.text)


def test_jobs_that_need_each_other_are_drawn_with_status_and_needs(app, viewer):
    peer, run = machine(app), chain()
    answer = viewer.get(f"/runs/{run.name}")
    assert labels(answer) == [
        "prepare: Waiting…",
        "train: Waiting for 1 job; needs prepare",
        "report: Waiting for 1 job; needs train",
    ]
    assert answer.text.count('marker-end="url(#arrow)"') == 2
    assert "3 jobs as a table" in answer.text
    peer.poll()
    assert labels(viewer.get(f"/runs/{run.name}"))[0] == "prepare: Running on box-1"


def test_each_box_leads_to_its_job_and_the_chosen_one_is_marked(app, viewer, people):
    run = chain()
    train = jobs_of(run)[1].id
    page = viewer.get(f"/runs/{run.name}?job={train}").text
    assert f'href="/runs/{run.name}?job={train}" aria-label="train: Waiting for 1 job;' in page
    assert page.count('aria-current="true"') == 3  # the tab, the box, the row
    assert "Waits for prepare (waiting)." in page and ">prepare</a></dd>" in page


def test_the_drawing_is_live(app, viewer):
    peer, run = machine(app), chain()
    poll = poll_of(viewer.get(f"/runs/{run.name}"))
    job = peer.poll()["jobs"][0]["job"]
    peer.report("started", job)
    peer.finish(job)
    heard = labels(viewer.get(poll))
    assert heard[:2] == ["prepare: Completed in 0.0 s", "train: Waiting…; needs prepare"]


def test_what_was_stopped_says_what_failed(app, viewer):
    peer, run = machine(app), chain()
    peer.finish(peer.poll()["jobs"][0]["job"], exit_code=1)
    answer = viewer.get(f"/runs/{run.name}")
    assert labels(answer)[2] == "report: Stopped; needs train"
    page = text_of(answer)
    assert page.count("prepare failed: exit code 1") >= 4  # two boxes, two rows, events
    assert "report : job stopped by scheduler : prepare failed" in page


def test_jobs_that_need_nothing_are_rows(app, viewer, people):
    run = submitted(spec("a"), spec("b"))
    page = viewer.get(f"/runs/{run.name}").text
    assert "<svg class=" in page and 'class="graph"' not in page and "as a table" not in page


def test_long_names_are_cut_and_said_in_full(app, viewer, people):
    name = "a-name-" * 10
    run = submitted(spec(name), spec("b", 0))
    answer = viewer.get(f"/runs/{run.name}")
    assert labels(answer)[0] == f"{name}: Waiting…"
    assert '<text class="node-name" y="24">a-name-a-name-a-…</text>' in answer.text


def test_two_hundred_jobs_are_rows_with_a_sentence(app, viewer, people):
    run = submitted(*[spec(f"step-{at}", *([at - 1] if at else [])) for at in range(200)])
    answer = viewer.get(f"/runs/{run.name}")
    assert answer.status_code == 200 and labels(answer) == []
    assert "These 200 jobs need each other in too many ways for a drawing" in answer.text
    assert "Waits for step-198 (waiting)." in answer.text


def test_a_knot_of_lines_is_not_drawn_either(app, viewer, people):
    left = [spec(f"left-{at}") for at in range(25)]
    right = [spec(f"right-{at}", *range(25)) for at in range(25)]
    answer = viewer.get(f"/runs/{submitted(*left, *right).name}")
    assert labels(answer) == [] and "too many ways" in answer.text


def test_the_job_says_what_it_asks_and_in_what_it_ran(app, viewer):
    peer, run = machine(app), submitted(JobSpec("true", "train"))
    peer.finish(peer.poll()["jobs"][0]["job"], exit_code=3)
    with writing():
        db.session.execute(db.update(Job).values(runs_in="image a:1", port_numbers=[4001, 4002]))
    page = text_of(viewer.get(f"/runs/{run.name}"))
    assert "Asks CPU 1 " in page and "Runs in image a:1" in page
    assert "Ports 4001, 4002" in page
    assert "Runner box-1" in page and "Exit code 3" in page
