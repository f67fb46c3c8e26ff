import pytest

from tests.agents.books import job_row
from tests.agents.machine import AgentPeer
from tests.people import TESTS
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.models.run import run_named
from webapp.models.submission import submit_run
from webapp.models.transaction import writing
from webapp.tasks.expire_queue import expire_queue


@pytest.fixture
def submit(people):
    """Ids of the jobs of a new run."""

    def call(*specs):
        with writing():
            name = submit_run(TESTS, people["member"].id, specs, now())
        return [job.id for job in run_named(name).jobs]

    return call


def test_a_job_that_waits_too_long_fails_and_says_why_it_waited(submit, clock):
    (job,) = submit(JobSpec("true", queue_timeout_s=60))
    clock.advance(59)
    assert expire_queue(now()) == 0
    clock.advance(1)
    assert expire_queue(now()) == 1
    assert job_row(job).status == "failed"
    assert job_row(job).reason == "It waited longer than its queue timeout of 60 s."


def test_what_needs_it_is_stopped_with_it(submit, clock):
    _, needs = submit(
        JobSpec("true", "prepare", queue_timeout_s=60), JobSpec("true", depends_on=(0,))
    )
    clock.advance(60)
    expire_queue(now())
    why = "prepare failed: It waited longer than its queue timeout of 60 s"
    assert (job_row(needs).status, job_row(needs).reason) == ("stopped", why)


def test_waiting_for_another_job_does_not_count(app, submit, clock):
    machine = AgentPeer(app).register().start()
    prepare, job = submit(
        JobSpec("true", "prepare"), JobSpec("true", depends_on=(0,), queue_timeout_s=60)
    )
    assert [each["job"] for each in machine.poll()["jobs"]] == [prepare]
    clock.advance(3600)
    assert expire_queue(now()) == 0
    machine.finish(prepare)
    clock.advance(59)
    assert expire_queue(now()) == 0
    clock.advance(1)
    assert expire_queue(now()) == 1
    assert job_row(job).status == "failed"


def test_without_a_queue_timeout_it_waits_for_ever(submit, clock):
    submit(JobSpec("true"))
    clock.advance(10**8)
    assert expire_queue(now()) == 0
