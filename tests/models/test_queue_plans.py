"""How PostgreSQL looks for work once it knows its tables; collected only where there is one.

From the moment at which it had analyzed the table of jobs each poll once read all of it, to count
what waits: its figures say how many do, and not that they are at the end.
"""

import pytest
from sqlalchemy import insert, literal_column, select, text

from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.engine.resources import Ask, Have
from webapp.engine.states import Actor
from webapp.models.claiming import claim_jobs, jobs_on, lock_runner
from webapp.models.event import Who
from webapp.models.job import Job
from webapp.models.queue import how_many, kinds_that_fit
from webapp.models.transaction import execute, writing
from webapp.tasks.expire_queue import expire_queue

WHO = Who(Actor.RUNNER, "box")
BOX = Have(cpu_milli=4000, memory_mib=8000, slots=4)
MANY = 4000
_T = Job.__table__
_READ = text("SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'job'")


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
    (big,) = submit(JobSpec("true", ask=Ask(64_000))).jobs
    (small,) = submit().jobs
    with writing():
        copies(big, "submitted", MANY)
        copies(small, "done", 3 * MANY)
        execute(text("ANALYZE job"))


def scans(work):
    """How often work that is done again and again read the whole table of jobs."""
    with writing():
        execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
        before = execute(_READ).scalar_one()
        for _ in range(10):  # the driver has a statement prepared after a few times
            work()
        return execute(_READ).scalar_one() - before


def test_kinds_that_wait_are_found_in_the_index(busy):
    assert scans(lambda: kinds_that_fit(BOX)) == 0


def test_jobs_that_wait_are_counted_in_the_index(busy):
    assert scans(lambda: how_many(kinds_that_fit(BOX), 32)) == 0


def test_a_claim_finds_its_job_in_the_index(busy, box):
    def claim():
        lock_runner(box)
        jobs_on(box)
        claim_jobs(WHO, box, BOX, now())

    assert scans(claim) == 0


def test_whoever_waited_too_long_is_found_in_the_index(busy):
    assert scans(lambda: expire_queue(now())) == 0
