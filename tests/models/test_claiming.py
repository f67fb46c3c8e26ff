import threading

import pytest
from sqlalchemy import select

from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.engine.resources import Ask
from webapp.engine.states import Actor
from webapp.extensions import db
from webapp.models.claiming import claim_jobs, jobs_on, lock_runner, room_left
from webapp.models.event import Who, events_of
from webapp.models.job import Attempt, Job
from webapp.models.transaction import writing

WHO = Who(Actor.RUNNER, "box")


def claim(runner_id, slots=100):
    """Ids that this runner gets now, as a poll claims them."""
    with writing():
        runner = lock_runner(runner_id)
        room = room_left(runner, jobs_on(runner_id), slots)
        return [job.id for job in claim_jobs(WHO, runner_id, room, now())[0]]


def test_the_oldest_comes_first(submit, add_runner, clock):
    first = submit().jobs
    clock.advance(1)
    second = submit().jobs
    runner = add_runner()
    assert claim(runner, slots=1) == first
    assert claim(runner, slots=1) == second


def test_what_was_claimed_is_as_if_it_was_read_again(submit, add_runner, clock):
    submit()
    runner = add_runner()
    clock.advance(1)
    with writing():
        room = room_left(lock_runner(runner), [], 1)
        (claimed,), _ = claim_jobs(WHO, runner, room, now())
        (read,) = jobs_on(runner)
    assert vars(claimed) == dict(read._mapping)


def test_a_claim_is_an_attempt_with_an_event(submit, add_runner, clock):
    (job,) = submit().jobs
    runner = add_runner()
    claim(runner)
    row = db.session.get(Job, job)
    assert (row.status, row.attempt, row.runner_id) == ("running", 1, runner)
    attempt = db.session.get(Attempt, (job, 1))
    assert (attempt.runner_id, attempt.claimed_at) == (runner, clock.moment)
    event = events_of(job_id=job)[0]
    assert (event.what, event.who, event.runner_id) == ("job claimed", "box", runner)


def test_what_runs_already_takes_up_room(submit, add_runner):
    submit(*[JobSpec("true", ask=Ask(cpu_milli=1500))] * 3)
    runner = add_runner()
    assert len(claim(runner)) == 2
    assert claim(runner) == []


def test_a_small_job_goes_past_a_big_one_that_does_not_fit(submit, add_runner):
    big, small = submit(JobSpec("big", ask=Ask(cpu_milli=64_000)), JobSpec("small")).jobs
    assert claim(add_runner()) == [small]
    assert db.session.get(Job, big).status == "submitted"


def test_it_looks_past_a_long_row_of_jobs_that_do_not_fit(submit, add_runner):
    labelled = [JobSpec("true", ask=Ask(labels=frozenset({"ssd"})))] * 100
    submit(*labelled)
    (job,) = submit().jobs
    assert claim(add_runner()) == [job]


@pytest.mark.parametrize(
    ("ask", "columns", "claimed"),
    [
        (Ask(gpu_count=1), {"gpus": [{"name": "V100", "memory_mib": 16000}]}, 1),
        (Ask(gpu_count=2), {"gpus": [{"name": "V100", "memory_mib": 16000}]}, 0),
        (Ask(gpu_count=1, gpu_name="a100"), {"gpus": [{"name": "V100", "memory_mib": 1}]}, 0),
        (Ask(gpu_count=1, gpu_memory_mib=2), {"gpus": [{"name": "V100", "memory_mib": 1}]}, 0),
        (Ask(labels=frozenset({"ssd"})), {"labels": ["ssd", "fast"]}, 1),
        (Ask(labels=frozenset({"ssd"})), {"labels": []}, 0),
        (Ask(interruptible=False), {"purchase_type": "spot"}, 0),
        (Ask(interruptible=False), {}, 1),
        (Ask(), {"max_jobs": 0}, 0),
    ],
)
def test_only_what_fits_is_claimed(submit, add_runner, ask, columns, claimed):
    submit(JobSpec("true", ask=ask))
    assert len(claim(add_runner(**columns))) == claimed


def test_of_many_runners_at_once_none_gets_a_job_twice(app, submit, add_runner):
    jobs = submit(*[JobSpec("true", ask=Ask(cpu_milli=10))] * 60).jobs
    runners = [add_runner(f"box-{number}") for number in range(6)]
    claimed, lock = [], threading.Lock()

    def work(runner_id):
        with app.app_context():
            mine = True
            while mine:
                mine = claim(runner_id, slots=3)
                with lock:
                    claimed.extend(mine)

    threads = [threading.Thread(target=work, args=[runner]) for runner in runners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    db.session.rollback()
    assert sorted(claimed) == sorted(jobs)
    numbers = db.session.scalars(select(Attempt.number)).all()
    assert numbers == [1] * 60
