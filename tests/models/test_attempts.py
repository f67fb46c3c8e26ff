import pytest

from tests.models.test_claiming import claim
from webapp.engine.jobs import JobSpec
from webapp.engine.outcomes import Ended
from webapp.engine.states import Actor
from webapp.extensions import db
from webapp.models.attempts import conclude, lose_attempts
from webapp.models.event import SCHEDULER, Who, events_of
from webapp.models.job import Job, attempts_of
from webapp.models.job_moves import begin_job
from webapp.models.run import run_named
from webapp.models.transaction import announced, writing

RUNNER = Who(Actor.RUNNER, "box")


@pytest.fixture
def running(submit, add_runner):
    run = submit(JobSpec("true", retries=1))
    runner_id = add_runner()
    claim(runner_id)
    return run, db.session.get(Job, run.jobs[0]), runner_id


def test_success_ends_job_and_run(running, clock):
    run, job, _ = running
    with writing():
        begin_job(job, clock.advance(1))
        assert conclude(RUNNER, job, Ended("exited", 0), clock.advance(5), log_size=12)
    (attempt,) = attempts_of(job.id)
    assert (attempt.outcome, attempt.exit_code, attempt.log_size) == ("exited", 0, 12)
    assert attempt.finished_at - attempt.started_at == 5000
    ended = run_named(run.name)
    assert (ended.status, ended.finished_at, ended.finished) == ("done", clock.moment, True)


def test_a_second_end_of_the_same_attempt_changes_nothing(running, clock):
    _, job, _ = running
    stale = dict(id=job.id, status=job.status, attempt=job.attempt, run_id=job.run_id)
    with writing():
        conclude(RUNNER, job, Ended("exited", 0), clock.moment)
    copy = type(
        "Row", (), {**stale, "retries_left": 0, "runner_id": job.runner_id, "blocked_by": 0}
    )
    with writing():
        assert not conclude(RUNNER, copy, Ended("exited", 1), clock.moment)
    assert attempts_of(job.id)[0].exit_code == 0
    assert len(events_of(job_id=job.id, what="job done")) == 1


def test_losing_a_runner_queues_its_job_again_and_tells_why(running, clock):
    _, job, runner_id = running
    words = []

    def hear(sender, word, demand):
        words.append(word)

    with announced.connected_to(hear), writing():
        assert lose_attempts(SCHEDULER, runner_id, "the agent was stopped", clock.moment) == 1
    row = db.session.get(Job, job.id, populate_existing=True)
    assert (row.status, row.retries_left, row.runner_id) == ("submitted", 0, None)
    assert row.waiting == "Attempt 1 ended: the agent was stopped; no retries left."
    assert {"jobs", f"log:{job.id}"} <= set(words)


def test_a_lost_job_without_retries_fails_with_that_reason(running, clock):
    _, job, runner_id = running
    for _ in range(2):
        with writing():
            lose_attempts(SCHEDULER, runner_id, "the power went", clock.moment)
        claim(runner_id)
    row = db.session.get(Job, job.id)
    assert (row.status, row.reason) == ("failed", "the power went")
    assert [attempt.outcome for attempt in attempts_of(job.id)] == ["lost", "lost"]


def test_a_runner_without_jobs_loses_nothing(add_runner, clock):
    runner_id = add_runner()
    with writing():
        assert lose_attempts(SCHEDULER, runner_id, "", clock.moment) == 0
