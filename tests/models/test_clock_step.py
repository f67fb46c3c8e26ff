"""The server's clock is set back by an hour: nothing that is due waits for it to catch up."""

import pytest

from tests.models.test_claiming import WHO
from webapp.clock import now
from webapp.engine.outcomes import Ended
from webapp.extensions import db
from webapp.leadership import LEASE_SECONDS
from webapp.models.attempts import conclude
from webapp.models.event import events_of
from webapp.models.job import Attempt, Job
from webapp.models.job_moves import claim_job
from webapp.models.lease import LEADER, held_for, holds_lease, set_back_by, take_lease
from webapp.models.region import Region, observed
from webapp.models.runner import Runner
from webapp.models.transaction import writing
from webapp.scheduler import Scheduler
from webapp.tasks.observe import _is_due

HOUR = 3600
ENDED = Ended("exited", 0, None, None)
REGION = "eu-west-1"


@pytest.fixture
def scheduler(app, clock):
    scheduler = Scheduler(app)
    scheduler.leadership.renew()
    return scheduler


def take(holder):
    with writing():
        return take_lease(LEADER, holder, now(), LEASE_SECONDS)


def test_a_leader_goes_on_leading_and_counts_its_time_anew(scheduler, clock):
    clock.advance(-HOUR)
    scheduler.leadership.renew()
    assert holds_lease(LEADER, scheduler.leadership.holder, now())
    assert held_for(LEADER, now()) == 0
    assert held_for(LEADER, clock.advance(5)) == 5


def test_the_lease_of_a_leader_that_died_before_it_does_not_hold_for_an_hour(scheduler, clock):
    clock.advance(-HOUR)
    assert take("the next one")


def test_two_servers_whose_clocks_differ_a_little_take_nothing_from_each_other(scheduler, clock):
    clock.advance(-120)
    assert not take("one that is two minutes behind")


@pytest.mark.parametrize(
    ("holder", "seconds", "noticed"),
    [("mine", -HOUR, HOUR), ("mine", 5, 0), ("another", -HOUR, HOUR), ("another", -120, 0)],
)
def test_it_is_noticed_at_the_next_renewal(app, clock, holder, seconds, noticed):
    take("mine")
    clock.advance(seconds)
    with writing():
        assert set_back_by(LEADER, holder, now(), LEASE_SECONDS) == noticed * 1000


def test_before_the_first_lease_there_is_nothing_to_notice(app):
    with writing():
        assert set_back_by(LEADER, "mine", now(), LEASE_SECONDS) == 0


def test_a_region_that_was_looked_at_in_the_future_is_looked_at_now(scheduler, clock):
    with writing():
        db.session.add(Region(name=REGION, first_used_at=now()))
        db.session.flush()
        observed(REGION, now())
    clock.advance(-HOUR)
    scheduler.leadership.renew()
    assert db.session.get(Region, REGION, populate_existing=True).tried_at == clock.moment
    (event,) = [each for each in events_of() if each.what == "clock set back"]
    assert "by 3600 seconds" in event.why


@pytest.mark.parametrize(
    ("tried", "next_try", "due"),
    [
        (-1, None, False),
        (-60, None, True),
        (HOUR, None, True),
        (-1, 30, False),
        (-1, 0, True),
        (HOUR, HOUR + 30, True),
    ],
)
def test_a_look_that_began_before_the_clock_was_set_back_stops_no_later_one(
    app, clock, tried, next_try, due
):
    """It writes when it ends, after everything else of the future was forgotten; in seconds from
    now."""
    region = Region(name=REGION, tried_at=now() + tried * 1000)
    region.next_try_at = None if next_try is None else now() + next_try * 1000
    assert _is_due(region, set(), {REGION}, now()) == due


def test_what_ended_while_the_clock_was_ahead_has_ended_by_now(
    scheduler, clock, submit, add_runner
):
    clock.advance(HOUR)
    scheduler.leadership.renew()
    (job,) = submit().jobs
    runner = add_runner(started_at=now())
    with writing():
        claim_job(WHO, db.session.get(Job, job), runner, now())
    with writing():
        conclude(WHO, db.session.get(Job, job, populate_existing=True), ENDED, now())
    clock.advance(-HOUR)
    scheduler.leadership.renew()
    attempt = db.session.get(Attempt, (job, 1), populate_existing=True)
    row = db.session.get(Runner, runner, populate_existing=True)
    assert [attempt.finished_at, row.started_at, row.created_at] == [clock.moment] * 3
