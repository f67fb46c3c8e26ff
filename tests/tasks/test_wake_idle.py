import math

import pytest
from sqlalchemy import select

from tests.people import TESTS
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.engine.resources import Ask, Have
from webapp.extensions import db
from webapp.models.job import Job
from webapp.models.submission import submit_run
from webapp.models.transaction import writing
from webapp.tasks.wake_idle import waiting_demand, wake_idle
from webapp.wakeups import the_wakeups

BOX = Have(cpu_milli=4000, memory_mib=8000)
V100S = Ask(gpu_count=2, gpu_name="V100", labels=frozenset({"a"}), interruptible=False)


@pytest.fixture
def submit(people):
    def call(*specs):
        with writing():
            submit_run(TESTS, people["member"].id, specs, now())

    return call


@pytest.fixture
def ticket(app):
    """A runner that waits for jobs."""
    ticket = the_wakeups().begin_poll("r1", math.inf)
    ticket.left = BOX
    return ticket


def test_it_wakes_a_runner_for_a_job_whose_announcement_was_missed(submit, ticket):
    submit(JobSpec("true"))
    ticket.bell.clear()
    assert wake_idle(now()) == 1
    assert ticket.bell.is_set()


def test_it_lets_a_runner_sleep_that_the_job_does_not_fit(submit, ticket):
    submit(JobSpec("true", ask=Ask(cpu_milli=64_000)))
    assert wake_idle(now()) == 1
    assert not ticket.bell.is_set()


def test_it_looks_at_nothing_while_nobody_waits(submit):
    submit(JobSpec("true"))
    assert wake_idle(now()) == 0


def test_with_nothing_to_do_nobody_is_woken(ticket):
    assert wake_idle(now()) == 0
    assert not ticket.bell.is_set()


def test_it_wakes_no_more_runners_than_there_are_jobs(submit, app):
    wakeups = the_wakeups()
    tickets = [wakeups.begin_poll(name, math.inf) for name in ("r1", "r2")]
    for ticket in tickets:
        ticket.left = BOX
    submit(JobSpec("true"))
    assert [ticket.bell.is_set() for ticket in tickets].count(True) == 1


def test_the_demand_counts_jobs_by_what_they_ask(submit):
    submit(JobSpec("a"), JobSpec("b"), JobSpec("c", ask=V100S))
    assert waiting_demand() == {Ask(): 2, V100S: 1}


def test_the_demand_is_that_of_waiting_jobs_only(submit):
    submit(JobSpec("a"), JobSpec("b"))
    with writing():
        job = db.session.scalar(select(Job.id).limit(1))
        db.session.execute(db.update(Job).where(Job.id == job).values(status="done"))
    assert waiting_demand() == {Ask(): 1}


def test_what_waits_for_another_job_is_no_demand(submit):
    submit(JobSpec("a"), JobSpec("b", ask=V100S, depends_on=(0,)))
    assert waiting_demand() == {Ask(): 1}


def test_the_demand_looks_at_the_longest_waiting_first(submit, clock):
    submit(JobSpec("a"))
    clock.advance(1)
    submit(JobSpec("b", ask=V100S))
    assert waiting_demand(most=1) == {Ask(): 1}
