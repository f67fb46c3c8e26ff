import pytest
from sqlalchemy import select

from tests.people import TESTS
from webapp.clock import now
from webapp.engine.states import JOB_MOVES, Actor, ForbiddenMove
from webapp.engine.states import Job as Status
from webapp.extensions import db
from webapp.models.event import Who, events_of
from webapp.models.job import Job
from webapp.models.moves import move
from webapp.models.transaction import writing

RUNNER = Who(Actor.RUNNER, "ginger-1")


@pytest.fixture
def job(submit):
    return submit().jobs[0]


def to(job, old, new, who=TESTS, **more):
    about = {"job_id": job}
    words = {"what": "job moved", "why": "a test", "now": now(), "about": about}
    return move(JOB_MOVES, Job, job, old, new, who=who, **words, **more)


def status_of(job):
    return db.session.scalar(select(Job.status).where(Job.id == job))


def test_the_row_and_its_event_change_together(job):
    with writing():
        assert to(job, Status.SUBMITTED, Status.STOPPED)
    assert status_of(job) == "stopped"
    event = events_of(job_id=job)[0]
    assert (event.who, event.actor, event.what, event.why, event.at) == (
        "tests",
        "person",
        "job moved",
        "a test",
        now(),
    )


def test_who_comes_second_changes_nothing_and_leaves_no_event(job):
    with writing():
        to(job, Status.SUBMITTED, Status.STOPPED)
        assert not to(job, Status.SUBMITTED, Status.ABORTED)
    assert status_of(job) == "stopped"
    assert len(events_of(job_id=job)) == 1


def test_a_further_condition_that_does_not_hold_stops_it(job):
    with writing():
        assert not to(job, Status.SUBMITTED, Status.STOPPED, same={"attempt": 5})
    assert status_of(job) == "submitted"


def test_a_move_that_no_rule_allows_is_a_fault(job):
    sentence = "runner may not move job from submitted to done"
    with pytest.raises(ForbiddenMove, match=sentence), writing():
        to(job, Status.SUBMITTED, Status.DONE, who=RUNNER)
    assert status_of(job) == "submitted"


def test_nothing_moves_outside_of_a_transaction(job):
    with pytest.raises(RuntimeError, match="inside `with writing"):
        to(job, Status.SUBMITTED, Status.STOPPED)


def test_an_error_later_in_the_transaction_undoes_both(job):
    with pytest.raises(ZeroDivisionError), writing():
        to(job, Status.SUBMITTED, Status.STOPPED)
        _ = 1 / 0
    assert status_of(job) == "submitted"
    assert events_of(job_id=job) == []
