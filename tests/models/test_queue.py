from dataclasses import replace

from sqlalchemy import event

from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.engine.resources import Ask, Have
from webapp.engine.states import Actor
from webapp.extensions import db
from webapp.models.claiming import claim_jobs, jobs_on, lock_runner, room_left
from webapp.models.event import Who
from webapp.models.job import Job
from webapp.models.job_moves import claim_job, requeue_job
from webapp.models.queue import how_many, kinds_that_fit
from webapp.models.transaction import writing

WHO = Who(Actor.RUNNER, "box")
BOX = Have(cpu_milli=4000, memory_mib=8000, slots=4)
LABELLED = Ask(labels=frozenset({"ssd"}))


def statements(work):
    """How many statements the database is asked while it works."""
    seen = []
    event.listen(db.engine, "before_cursor_execute", lambda *about: seen.append(about[2]))
    work()
    return len(seen)


def test_each_kind_that_waits_and_fits_is_found_once(submit):
    submit(*[JobSpec("true")] * 3, JobSpec("true", ask=LABELLED), JobSpec("true", ask=Ask(500)))
    assert {needs for _, needs in kinds_that_fit(BOX)} == {Ask(), Ask(500)}


def test_a_job_in_a_container_is_of_another_kind_than_one_without_it(submit):
    """What a kind asks is kept for all jobs of it: a machine without containers would pass over
    those that need none."""
    submit(JobSpec("true", image="alpine"), JobSpec("true"))
    plain = replace(BOX, containers=False)
    assert [needs for _, needs in kinds_that_fit(plain)] == [Ask()]
    assert len(kinds_that_fit(BOX)) == 2


def test_nothing_is_found_for_a_machine_without_room(submit):
    submit()
    assert kinds_that_fit(Have(cpu_milli=0, memory_mib=8000)) == []
    assert kinds_that_fit(Have(cpu_milli=4000, memory_mib=8000, slots=0)) == []


def test_a_kind_whose_last_job_was_claimed_meanwhile_is_passed_over(submit):
    submit(JobSpec("true", ask=Ask(700)))

    said = []

    def another_claims_it(connection, cursor, statement, *_):
        said.append(statement)
        if len(said) == 2:  # between the query for kinds and the one for what they ask
            connection.exec_driver_sql("UPDATE job SET status = 'claimed'")

    event.listen(db.engine, "before_cursor_execute", another_claims_it)
    with writing():
        assert kinds_that_fit(BOX) == []


def test_they_are_counted_up_to_what_is_asked(submit):
    submit(*[JobSpec("true")] * 3, *[JobSpec("true", ask=Ask(500))] * 3)
    kinds = kinds_that_fit(BOX)
    assert [how_many(kinds, most) for most in (1, 4, 100)] == [1, 4, 6]


def test_a_long_row_of_jobs_that_do_not_fit_costs_no_more_than_one(submit, add_runner):
    runner = add_runner()

    def claim():
        with writing():
            room = room_left(lock_runner(runner), jobs_on(runner), 4)
            assert claim_jobs(WHO, runner, room, now())[0] == []

    submit(JobSpec("true", ask=LABELLED))
    claim()
    few = statements(claim)
    submit(*[JobSpec("true", ask=LABELLED)] * 300)
    assert statements(claim) == few


def test_a_job_that_is_queued_again_has_its_kind(submit, add_runner):
    (job,) = submit().jobs
    with writing():
        db.session.get(Job, job).kind = None
    runner = add_runner()
    with writing():
        claim_job(WHO, db.session.get(Job, job), runner, now())
    with writing():
        requeue_job(WHO, db.session.get(Job, job), "it was lost", now(), 0)
    assert [needs for _, needs in kinds_that_fit(BOX)] == [Ask()]
