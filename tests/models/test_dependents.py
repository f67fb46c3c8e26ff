"""Jobs that wait for others of their run, through every way in which those can end."""

import pytest
from sqlalchemy import select

from tests.models.another import Another
from tests.models.linked import SMALL, end, row, spec, states
from tests.models.test_claiming import WHO, claim
from tests.people import TESTS
from webapp.clock import now
from webapp.engine.outcomes import Ended
from webapp.extensions import db
from webapp.models.attempts import conclude, lose_attempts
from webapp.models.event import SCHEDULER, events_of
from webapp.models.job import Job
from webapp.models.job_moves import claim_job, stop_job
from webapp.models.returning import return_jobs
from webapp.models.run import Run, run_named
from webapp.models.run_moves import restart_run, resume_run, stop_run
from webapp.models.transaction import announced, writing
from webapp.models.why_waits import why_waits


@pytest.fixture
def diamond(submit):
    """prepare → left, right → join"""
    return submit(spec("prepare"), spec("left", 0), spec("right", 0), spec("join", 1, 2))


def words(run):
    return [status for status, _ in states(run)]


def status(run):
    db.session.expire_all()
    return run_named(run.name).status


def sentence(job):
    mine = row(job)
    return why_waits(mine, db.session.get(Run, mine.run_id).jobs)


def test_a_blocked_job_is_not_claimed_however_much_room_there_is(chain, box):
    assert claim(box) == [chain.jobs[0]]
    assert claim(box) == []
    assert words(chain) == ["running", "submitted", "submitted"]


def test_it_says_for_which_job_it_waits_and_what_that_does(chain, box):
    prepare, train, _ = chain.jobs
    assert sentence(train) == "Waits for prepare (waiting)."
    claim(box)
    assert sentence(train) == "Waits for prepare (running on box-1)."
    end(prepare)
    assert sentence(train) == "Just submitted: looking for a runner."
    assert sentence(prepare) is None


def test_what_is_done_frees_those_that_need_it_and_nobody_else(chain, box, clock):
    prepare, train, report = chain.jobs
    claim(box)
    ended = clock.advance(60)
    end(prepare)
    assert states(chain) == [("done", 0), ("submitted", 0), ("submitted", 1)]
    assert row(train).queued_at == ended != row(report).queued_at
    event = events_of(job_id=train)[0]
    assert (event.what, event.who, event.why) == (
        "job freed",
        "scheduler",
        "What it needs is done.",
    )
    assert claim(box) == [train]


def test_runners_hear_of_jobs_that_become_free_and_not_of_others(submit, box):
    heard = []

    def hear(sender, word, demand):
        heard.append((word, dict(demand)))

    with announced.connected_to(hear):
        run = submit(spec("a"), spec("b", 0), spec("c", 0), spec("d", 1, 2))
        claim(box)
        end(run.jobs[0])
    assert [each for each in heard if each[0] == "jobs"] == [
        ("jobs", {SMALL: 1}),
        ("jobs", {SMALL: 2}),
    ]


def test_a_job_that_needs_two_waits_for_both(diamond, box):
    prepare, left, right, join = diamond.jobs
    claim(box)
    end(prepare)
    assert sorted(claim(box)) == sorted([left, right])
    end(left)
    assert row(join).blocked_by == 1 and claim(box) == []
    end(right)
    assert claim(box) == [join]
    end(join)
    assert status(diamond) == "done"


def test_a_job_that_fails_stops_all_that_need_it_and_says_so(chain, box):
    claim(box)
    end(chain.jobs[0], exit_code=1)
    assert words(chain) == ["failed", "stopped", "stopped"]
    for job in chain.jobs[1:]:
        assert row(job).reason == "prepare failed: exit code 1"
        event = events_of(job_id=job)[0]
        assert (event.what, event.who) == ("job stopped", "scheduler")
    assert status(chain) == "failed" and run_named(chain.name).finished_at == now()


def test_what_does_not_need_it_goes_on(diamond, box):
    prepare, left, right, join = diamond.jobs
    claim(box)
    end(prepare)
    claim(box)
    end(left, exit_code=2)
    assert words(diamond) == ["done", "failed", "running", "stopped"]
    assert row(join).reason == "left failed: exit code 2"
    assert status(diamond) == "running"
    end(right)
    assert status(diamond) == "failed"


def test_a_retry_keeps_those_waiting_that_need_it(submit, box):
    run = submit(spec("prepare", retries=1), spec("train", 0))
    claim(box)
    end(run.jobs[0], exit_code=1)
    assert states(run) == [("submitted", 0), ("submitted", 1)]
    assert claim(box) == [run.jobs[0]]
    end(run.jobs[0])
    assert states(run) == [("done", 0), ("submitted", 0)]


def test_a_job_handed_back_or_lost_with_a_retry_keeps_them_waiting_too(submit, box):
    run = submit(spec("prepare", retries=1), spec("train", 0))
    claim(box)
    with writing():
        return_jobs(box, "EC2 took it back", now())
    assert states(run) == [("submitted", 0), ("submitted", 1)]
    claim(box)
    with writing():
        lose_attempts(SCHEDULER, box, "box-1 was not heard for 30 s", now())
    assert states(run) == [("submitted", 0), ("submitted", 1)]
    claim(box)
    with writing():
        lose_attempts(SCHEDULER, box, "box-1 was not heard for 30 s", now())
    assert words(run) == ["failed", "stopped"]
    assert row(run.jobs[1]).reason == "prepare failed: box-1 was not heard for 30 s"


@pytest.mark.parametrize("abort", [False, True])
def test_stopping_a_waiting_job_stops_those_that_need_it(chain, abort):
    with writing():
        stop_job(TESTS, row(chain.jobs[0]), now(), abort=abort)
    verb, first = ("abort", "aborted") if abort else ("stop", "stopped")
    assert words(chain) == [first, "stopped", "stopped"]
    assert row(chain.jobs[2]).reason == f"prepare was {first}: {verb} asked by tests"


def test_stopping_a_running_job_stops_them_when_it_has_ended(chain, box):
    claim(box)
    with writing():
        stop_job(TESTS, row(chain.jobs[0]), now(), abort=False)
    assert words(chain) == ["stopping", "submitted", "submitted"]
    assert sentence(chain.jobs[1]) == "Waits for prepare (stopping)."
    with writing():
        conclude(WHO, row(chain.jobs[0]), Ended("stopped"), now())
    assert words(chain) == ["stopped", "stopped", "stopped"]


def test_stopping_a_job_in_the_middle_leaves_what_it_needs_alone(chain):
    with writing():
        stop_job(TESTS, row(chain.jobs[1]), now(), abort=False)
    assert words(chain) == ["submitted", "stopped", "stopped"]
    assert status(chain) == "running"


def test_stopping_the_run_says_of_every_job_who_asked(chain, box):
    claim(box)
    with writing():
        assert stop_run(TESTS, run_named(chain.name), now()) == 3
    assert words(chain) == ["stopping", "stopped", "stopped"]
    assert {row(job).reason for job in chain.jobs[1:]} == {"stop asked by tests"}


def test_resuming_keeps_what_is_done_and_blocks_the_rest_anew(chain, box):
    claim(box)
    end(chain.jobs[0])
    claim(box)
    end(chain.jobs[1], exit_code=1)
    assert words(chain) == ["done", "failed", "stopped"]
    with writing():
        assert resume_run(TESTS, run_named(chain.name), now()) == 2
    assert states(chain) == [("done", 0), ("submitted", 0), ("submitted", 1)]
    assert claim(box) == [chain.jobs[1]]


def test_restarting_blocks_everything_as_at_the_submission(chain, box):
    before = states(chain)
    for job in chain.jobs:
        claim(box)
        end(job)
    with writing():
        assert restart_run(TESTS, run_named(chain.name), now()) == 3
    assert states(chain) == before
    assert claim(box) == [chain.jobs[0]]


def test_nobody_hears_of_blocked_jobs_when_a_run_is_resumed(chain):
    heard = []

    def hear(sender, word, demand):
        heard.append(demand.total())

    with writing():
        stop_run(TESTS, run_named(chain.name), now())
    with announced.connected_to(hear), writing():
        resume_run(TESTS, run_named(chain.name), now())
    assert heard == [1]


def test_a_claim_planned_before_a_job_became_blocked_comes_to_nothing(chain, box):
    claim(box)
    end(chain.jobs[0])
    stale = db.session.execute(select(Job.__table__).where(Job.id == chain.jobs[1])).one()
    with writing():
        stop_run(TESTS, run_named(chain.name), now())
    with writing():
        restart_run(TESTS, run_named(chain.name), now())
    with writing():
        assert not claim_job(WHO, stale, box, now())
    assert states(chain) == [("submitted", 0), ("submitted", 1), ("submitted", 1)]


@pytest.mark.parametrize("more", [[], [spec("join", 0, 1)]])
def test_two_that_end_at_the_same_moment_know_of_each_other(app, submit, box, add_runner, more):
    """If they did not take turns, each of the two would see the other one running."""
    run = submit(spec("left"), spec("right"), *more)
    left, right, *rest = run.jobs
    assert len(claim(box, slots=1) + claim(add_runner("box-2"), slots=1)) == 2
    other = Another(app, lambda: end(right))
    with writing():
        assert conclude(WHO, row(left), Ended("exited", 0), now())
        other.as_far_as_it_can()
    other.join(timeout=30)
    assert other.error is None
    assert claim(box) == rest
    for job in rest:
        end(job)
    assert status(run) == "done"
