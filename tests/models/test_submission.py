import re

import pytest
from sqlalchemy import func, select

from tests.people import TESTS
from webapp.clock import now
from webapp.engine.jobs import Code, JobSpec
from webapp.engine.resources import Ask
from webapp.extensions import db
from webapp.models.event import events_of
from webapp.models.job import Job, ask
from webapp.models.run import Run, run_named
from webapp.models.submission import submit_run
from webapp.models.transaction import announced, writing


def test_a_submission_is_a_run_with_its_jobs_in_order(submit, clock):
    submitted = submit(JobSpec("one"), JobSpec("two"), workflow_name="train", source="commands: x")
    run = run_named(submitted.name)
    assert (run.status, run.workflow_name, run.source) == ("submitted", "train", "commands: x")
    assert (run.user.name, run.submitted_at) == ("max", clock.moment)
    assert [job.commands for job in run.jobs] == ["one", "two"]
    assert all(re.fullmatch("[0-9a-f]{12}", job.id) for job in run.jobs)


def test_nothing_of_a_job_is_forgotten(submit):
    needs = Ask(1500, 100, 64, 2, "V100", 8000, frozenset({"a", "b"}), True, False)
    spec = JobSpec("x", "train", "debian:12", "src", {"A": "b"}, needs, 60, 600, 3)
    (job_id,) = submit(spec).jobs
    job = db.session.get(Job, job_id)
    assert ask(job) == needs
    assert (job.commands, job.workflow_name, job.image) == ("x", "train", "debian:12")
    assert (job.working_dir, job.environment) == ("src", {"A": "b"})
    assert (job.timeout_s, job.queue_timeout_s) == (60, 600)
    assert (job.retries, job.retries_left, job.attempt) == (3, 3, 0)


def test_it_leaves_an_event(submit):
    run = run_named(submit().name)
    (event,) = events_of(run_id=run.id)
    assert (event.what, event.who, event.user_id) == ("run submitted", "tests", run.user_id)


def test_all_of_it_or_nothing(people):
    with pytest.raises(Exception, match="commands"), writing():
        jobs = [JobSpec("one"), JobSpec(None)]
        submit_run(TESTS, people["member"].id, jobs, now())
    assert db.session.scalar(select(func.count()).select_from(Run)) == 0
    assert db.session.scalar(select(func.count()).select_from(Job)) == 0


def test_runners_hear_of_it_once_it_is_durable(app, people):
    heard = []

    def hear(sender, word, demand):
        with app.app_context():  # a connection of its own, as another thread would use
            heard.append((word, demand, db.session.scalar(select(func.count(Job.id)))))

    with announced.connected_to(hear), writing():
        submit_run(TESTS, people["member"].id, [JobSpec("x")] * 2, now())
        assert heard == []
    assert heard == [("jobs", {Ask(): 2}, 2)]


def test_nothing_is_announced_when_it_fails(people):
    heard = []

    def hear(sender, word, demand):
        heard.append(word)

    with announced.connected_to(hear), pytest.raises(ZeroDivisionError), writing():
        submit_run(TESTS, people["member"].id, [JobSpec("x")], now())
        _ = 1 / 0
    with announced.connected_to(hear), writing():
        pass
    assert heard == []


def test_what_a_job_depends_on_is_kept_by_the_ids_of_this_submission(submit):
    submitted = submit(
        JobSpec("make", artifacts=("data",)), JobSpec("train", depends_on=(0,), provider="bash")
    )
    first, second = run_named(submitted.name).jobs
    assert (first.artifact_paths, first.blocked_by) == (["data"], 0)
    assert (second.depends_on, second.input_jobs) == ([first.id], [first.id])
    assert (second.blocked_by, second.provider) == (1, "bash")


@pytest.mark.parametrize("place", [0, 1, 7, -1])
def test_a_job_needs_only_what_comes_before_it(submit, place):
    with pytest.raises(ValueError, match="job 0 needs one that does not come before it"):
        submit(JobSpec("true", depends_on=(place,)), JobSpec("true"))
    assert db.session.scalar(select(func.count()).select_from(Run)) == 0


def test_needing_a_job_twice_is_needing_it_once(submit):
    jobs = run_named(submit(JobSpec("a"), JobSpec("b", depends_on=(0, 0))).name).jobs
    assert (jobs[1].blocked_by, jobs[1].depends_on) == (1, [jobs[0].id])


def test_where_the_code_comes_from_is_on_the_run(submit):
    code = Code("https://example.org/a.git", "main", "0" * 40, "diff --git a/x b/x")
    run = run_named(submit(JobSpec("true"), code=code).name)
    assert (run.repo_url, run.repo_branch) == ("https://example.org/a.git", "main")
    assert (run.repo_hash, run.repo_diff, run.archive) == ("0" * 40, "diff --git a/x b/x", None)
