"""Runners that claim while others move jobs."""

from tests.conftest import POSTGRES
from tests.models.another import Another
from tests.models.test_claiming import claim
from tests.models.test_holding import read
from webapp.models.run import lock_run
from webapp.models.transaction import writing


def claims(app, runner, got):
    return Another(app, lambda: got.extend(claim(runner, slots=1)))


def test_it_passes_over_a_run_that_others_move_and_takes_the_next(app, submit, add_runner, clock):
    """With SQLite it has to wait for its turn to write, and takes the oldest."""
    (first,) = submit().jobs
    clock.advance(1)
    (second,) = submit().jobs
    got = []
    claimer = claims(app, add_runner(), got)
    with writing():
        lock_run(read(first).run_id)
        claimer.as_far_as_it_can()
        waits = claimer.is_alive()
    claimer.join(30)
    assert (claimer.error, waits) == (None, not POSTGRES)
    assert got == [second if POSTGRES else first]
    assert {read(first).status, read(second).status} == {"running", "submitted"}


def test_it_waits_where_there_is_nothing_else(app, submit, add_runner):
    (job,) = submit().jobs
    got = []
    claimer = claims(app, add_runner(), got)
    with writing():
        lock_run(read(job).run_id)
        claimer.as_far_as_it_can()
        assert claimer.is_alive()
    claimer.join(30)
    assert (claimer.error, got) == (None, [job])


def test_many_runners_at_once_get_a_job_each(app, submit, add_runner):
    jobs = [submit().jobs[0] for _ in range(8)]
    got = [[] for _ in jobs]
    claimers = [claims(app, add_runner(f"box-{n}"), mine) for n, mine in enumerate(got)]
    for each in claimers:
        each.start()
    for each in claimers:
        each.join(30)
    assert [each.error for each in claimers] == [None] * 8
    claimed = [job for mine in got for job in mine]
    assert len(claimed) == len(set(claimed))
    assert {job for job in jobs if read(job).status == "running"} == set(claimed)
