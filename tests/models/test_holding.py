"""The sentence on waiting jobs, while runners claim them."""

from sqlalchemy import event

from tests.models.another import Another
from tests.models.test_claiming import WHO
from tests.people import TESTS
from webapp.clock import now
from webapp.extensions import db
from webapp.models.event import events_of
from webapp.models.holding import hold_jobs
from webapp.models.job import Job
from webapp.models.job_moves import begin_job, claim_job, stop_job
from webapp.models.run import lock_run, lock_runs_of
from webapp.models.transaction import writing

SENTENCE = "No limit has a machine for it."


def writes(app, work):
    """Another transaction that writes."""

    def write():
        with writing():
            work()

    return Another(app, write)


def read(job):
    return db.session.get(Job, job, populate_existing=True)


def test_each_gets_the_sentence_and_an_event(submit):
    (job,) = submit().jobs
    with writing():
        assert hold_jobs([job], SENTENCE, now()) == 1
    assert read(job).waiting == SENTENCE
    assert [(each.what, each.why) for each in events_of(job_id=job)][:1] == [("job held", SENTENCE)]


def test_one_that_does_not_wait_any_more_gets_neither(submit, add_runner):
    (job,) = submit().jobs
    runner = add_runner()
    with writing():
        assert claim_job(WHO, read(job), runner, now())
    with writing():
        assert hold_jobs([job], SENTENCE, now()) == 0
    assert read(job).waiting is None
    assert "job held" not in {each.what for each in events_of(job_id=job)}


def test_it_passes_over_what_is_being_claimed(app, submit, add_runner):
    first, second = submit().jobs[0], submit().jobs[0]
    runner = add_runner()
    holder = writes(app, lambda: [hold_jobs([job], SENTENCE, now()) for job in (second, first)])
    with writing():
        assert claim_job(WHO, read(first), runner, now())
        holder.as_far_as_it_can()
        assert claim_job(WHO, read(second), runner, now())
    holder.join(30)
    assert holder.error is None
    assert {read(first).status, read(second).status} == {"running"}


def test_a_job_begins_while_a_person_stops_its_run(app, submit, add_runner):
    (job,) = submit().jobs
    runner, run_id = add_runner(), read(job).run_id
    with writing():
        assert claim_job(WHO, read(job), runner, now())
    starter = writes(app, lambda: begin_job(read(job), now()))
    with writing():
        lock_run(run_id)
        starter.as_far_as_it_can()
        assert stop_job(TESTS, read(job), now(), abort=False)
    starter.join(30)
    assert starter.error is None
    assert read(job).status == "stopping"
    assert read(job).started_at is not None


def test_who_locks_several_runs_does_it_in_the_order_of_the_queue(app, submit, clock):
    jobs = []
    for _ in range(2):
        jobs += submit().jobs
        clock.advance(1)
    reporter = writes(app, lambda: lock_runs_of(jobs[::-1]))
    with writing():
        lock_run(read(jobs[0]).run_id)
        reporter.as_far_as_it_can()
        lock_run(read(jobs[1]).run_id)
    reporter.join(30)
    assert reporter.error is None


def test_a_run_is_locked_once_in_a_transaction_and_again_in_the_next(submit):
    (job,) = submit().jobs
    run_id, said = read(job).run_id, []

    def locks(work):
        """How often the database was asked for one."""
        said.clear()
        work()
        return sum("FOR UPDATE" in each for each in said)

    event.listen(db.engine, "before_cursor_execute", lambda *about: said.append(about[2]))
    once = 1 if db.engine.dialect.name == "postgresql" else 0
    with writing():
        assert locks(lambda: lock_runs_of([job])) == once
        assert locks(lambda: lock_run(run_id)) == 0
    with writing():
        assert locks(lambda: lock_run(run_id)) == once
        assert locks(lambda: lock_run(run_id)) == 0
