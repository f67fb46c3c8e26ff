"""How PostgreSQL looks for work once it knows its tables; collected only where there is one.

From the moment at which it had analyzed the table of jobs each poll once read all of it, to count
what waits: its figures say how many do, and not that they are at the end. Each claim read all that
waits, because of each kind there are many, and those that wait are of one.
"""

import pytest
from sqlalchemy import insert, literal_column, select, text

from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.engine.resources import Ask, Have
from webapp.models.job import Job
from webapp.models.queue import Queue, how_many, kinds_that_fit
from webapp.models.transaction import execute, writing
from webapp.tasks.expire_queue import expire_queue

BOX = Have(cpu_milli=4000, memory_mib=8000, slots=4)
BIG = Ask(64_000)
HUGE = Have(cpu_milli=64_000, memory_mib=8000, slots=4)
MANY = 1000
_T = Job.__table__
FEW = 20  # rows that a look may read
_READ = text(
    "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'job'"
)


def copies(job, status, number):
    """So many jobs like this one that are in that status."""
    changed = {"id": literal_column(f"'{status}-' || n"), "status": literal_column(f"'{status}'")}
    columns = [changed.get(column.name, column) for column in _T.c]
    numbers = text(f"generate_series(1, {number}) AS n")
    made = select(*columns).select_from(_T, numbers).where(_T.c.id == job)
    execute(insert(_T).from_select([column.name for column in _T.c], made))


@pytest.fixture
def busy(submit):
    """Jobs that fit nobody wait, others are over, one can be had; PostgreSQL has counted them."""
    (big,) = submit(JobSpec("true", ask=BIG)).jobs
    (small,) = submit().jobs
    with writing():
        copies(big, "submitted", MANY)
        copies(small, "done", 3 * MANY)
        execute(text("ANALYZE job"))


@pytest.fixture(params=["auto", "force_generic_plan", "force_custom_plan"])
def rows_of(busy, request):
    """How many rows of jobs are read when that is done again and again, each time."""

    def call(work, times=20):  # the driver has a statement prepared after a few times
        with writing():
            execute(text(f"SET LOCAL plan_cache_mode = {request.param}"))
            work()
            before = execute(_READ).scalar_one()
            for _ in range(times):
                work()
            return (execute(_READ).scalar_one() - before) / times

    return call


def test_kinds_that_wait_are_found_in_the_index(rows_of):
    assert rows_of(lambda: kinds_that_fit(BOX)) < FEW


def test_jobs_that_wait_are_counted_in_the_index(rows_of):
    assert rows_of(lambda: how_many(kinds_that_fit(BOX), 32)) < FEW


def test_a_job_is_found_behind_many_that_fit_nobody(rows_of):
    assert rows_of(lambda: [Queue(*kind).step() for kind in kinds_that_fit(BOX)]) < FEW


def test_going_on_in_a_kind_does_not_begin_again(rows_of):
    def walk():
        (queue,) = (Queue(*kind) for kind in kinds_that_fit(HUGE) if kind[1] == BIG)
        for _ in range(400):
            queue.step()

    assert rows_of(walk, 3) < 400 + FEW


def test_whoever_waited_too_long_is_found_in_the_index(rows_of):
    """There are two kinds of all that wait here, and one of them is read."""
    assert rows_of(lambda: expire_queue(now())) <= MANY + 2
