"""PostgreSQL hears how long the queue is."""

import pytest

from tests.conftest import POSTGRES
from tests.people import TESTS
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.models.submission import submit_run
from webapp.models.transaction import writing
from webapp.tasks.count_queue import count_queue

MANY = 600


@pytest.fixture
def submit(people):
    """A run of so many jobs."""

    def call(number):
        with writing():
            submit_run(TESTS, people["member"].id, [JobSpec("true")] * number, now())

    return call


def test_it_is_told_when_the_queue_has_grown_much_and_not_again(submit):
    """SQLite needs no figures to look into the right index."""
    assert count_queue(now()) == 0
    submit(MANY)
    assert count_queue(now()) == (MANY if POSTGRES else 0)
    assert count_queue(now()) == 0


def test_a_few_jobs_are_nothing_to_tell(submit):
    submit(2)
    assert count_queue(now()) == 0
