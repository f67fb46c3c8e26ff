"""Jobs that wait for others of their run, as far as machines are concerned."""

import pytest
from sqlalchemy import select

from tests.tasks.house import ADA, House
from webapp.engine.jobs import JobSpec
from webapp.engine.resources import Ask
from webapp.extensions import db
from webapp.models.aws_account import set_rules
from webapp.models.job import Job
from webapp.models.limit import Limit
from webapp.models.reservation import Wanted, reserve_slot
from webapp.models.submission import submit_run
from webapp.models.transaction import writing
from webapp.models.user import User
from webapp.models.waiting import waiting_jobs

BIG = Ask(cpu_milli=4000)


@pytest.fixture
def chain(house: House) -> list[str]:
    """Two jobs that need a machine each, the second after the first; a limit of 3."""
    house.limit()
    with writing():
        specs = [JobSpec("true", "prepare", ask=BIG), JobSpec("true", ask=BIG, depends_on=(0,))]
        submit_run(ADA, db.session.scalar(select(User)).id, specs, house.clock())
    return list(db.session.scalars(select(Job.id).order_by(Job.position)))


def test_no_machine_is_launched_for_what_cannot_begin(house: House, chain):
    house.tick()
    house.tick()
    assert house.instance().job_id == chain[0]
    assert house.job(chain[1]).waiting is None
    assert [job_id for job_id, _, _ in waiting_jobs()] == chain[:1]


def test_a_launch_planned_before_a_job_was_blocked_comes_to_nothing(house: House, chain):
    limit = db.session.scalar(select(Limit.id))
    with writing():
        assert reserve_slot(ADA, Wanted(limit, chain[1], False, ""), house.clock()) is None


def test_a_machine_stays_for_what_its_last_job_has_just_freed(house: House, chain):
    """Even when idle machines end at once."""
    with writing():
        set_rules(ADA, house.clock(), idle_seconds=0)
    house.turn()
    runner = house.boot(house.instance())
    house.tick()
    assert house.claim(runner) == chain[:1]
    house.finish(runner)
    house.tick()
    assert house.instance().status == "running"
    assert "has room and is about to take it" in house.job(chain[1]).waiting
    assert house.claim(runner) == chain[1:]
    house.finish(runner)
    house.tick()
    assert house.instance().status == "draining"
