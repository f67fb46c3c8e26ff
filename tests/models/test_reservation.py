"""A slot of a limit, and the token of the machine that takes it."""

import threading

import pytest
from sqlalchemy import func, select

from webapp.engine.jobs import JobSpec
from webapp.engine.resources import Ask
from webapp.engine.snapshot import Key
from webapp.engine.states import Actor
from webapp.extensions import db
from webapp.models.aws_account import Keys, MachinesLive, delete_account, mask, set_keys, switch
from webapp.models.bootstrap import admit_machine
from webapp.models.catalogue import keep_offerings, keep_prices
from webapp.models.event import SCHEDULER, Who
from webapp.models.instance import Instance, slots_taken
from webapp.models.instance_moves import end_instance, instance_over
from webapp.models.job import Job
from webapp.models.late_prices import price_unpriced
from webapp.models.launch_calls import freeze
from webapp.models.limit import LimitExists, add_limit, delete_limit, limits, switch_limit
from webapp.models.reservation import Wanted, reserve_slot
from webapp.models.submission import submit_run
from webapp.models.transaction import writing

ADA = Who(Actor.PERSON, "ada")
KEY = Key("eu-west-1", "m5.xlarge", "spot")
OFFER = {
    "instance_type": "m5.xlarge",
    "cpu_milli": 4000,
    "memory_mib": 16384,
    "gpus": [],
    "arch": "x86_64",
    "purchase_types": ["spot"],
    "zones": ["eu-west-1a"],
}


@pytest.fixture
def jobs(app, people, clock) -> list[str]:
    """Twelve waiting jobs, an account, and a limit of three."""
    with writing():
        set_keys(ADA, Keys("AKIAEXAMPLE12345", "secret-secret-secret"), clock())
        keep_offerings("eu-west-1", [OFFER], clock())
        add_limit(ADA, KEY, 3, clock())
        submit_run(ADA, people["admin"].id, [JobSpec("true", ask=Ask())] * 12, clock())
    return list(db.session.scalars(select(Job.id)))


def reserve(job: str, clock) -> Instance | None:
    with writing():
        (limit,) = limits()
        return reserve_slot(SCHEDULER, Wanted(limit.id, job, False, "a test"), clock())


def test_a_slot_is_a_runner_and_an_instance_bound_to_the_job(jobs, clock):
    instance = reserve(jobs[0], clock)
    assert (instance.status, instance.job_id) == ("pending", jobs[0])
    assert (instance.runner.status, instance.runner.kind) == ("requested", "on-demand")
    assert instance.runner.memory_mib < OFFER["memory_mib"]


def test_a_job_gets_one_machine_whoever_planned_it(jobs, clock):
    assert reserve(jobs[0], clock)
    assert reserve(jobs[0], clock) is None


def test_the_maximum_holds_whatever_was_planned(jobs, clock):
    assert [bool(reserve(job, clock)) for job in jobs[:5]] == [True] * 3 + [False] * 2


def test_eight_threads_never_take_more_than_the_maximum(jobs, clock, app):
    start, done = threading.Barrier(8), []

    def take(mine: list[str]) -> None:
        with app.app_context():
            start.wait()
            done.extend(reserve(job, clock) is not None for job in mine)

    threads = [threading.Thread(target=take, args=(jobs[n:] + jobs[:n],)) for n in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    db.session.commit()  # what this thread read before is over
    assert sum(done) == slots_taken(KEY) == 3


def test_each_machine_of_a_region_has_a_mark_of_its_own(jobs, clock):
    marks = [reserve(job, clock).valid_until for job in jobs[:3]]
    assert len(set(marks)) == 3
    assert all(mark % 1000 == 0 for mark in marks)


@pytest.mark.parametrize("what", ["limit", "everything"])
def test_nothing_is_reserved_when_it_is_switched_off(jobs, clock, what):
    with writing():
        if what == "limit":
            switch_limit(ADA, limits()[0], False, clock())
        else:
            switch(ADA, False, clock())
    assert reserve(jobs[0], clock) is None


def test_a_job_that_does_not_wait_reserves_nothing(jobs, clock):
    with writing():
        db.session.execute(Job.__table__.update().values(status="stopped"))
    assert reserve(jobs[0], clock) is None


def test_a_slot_is_free_again_when_ec2_has_said_so_and_not_before(jobs, clock):
    taken = [reserve(job, clock) for job in jobs[:3]]
    with writing():
        assert end_instance(taken[0].id, "wish", "a test", clock())
    assert reserve(jobs[3], clock) is None
    with writing():
        assert instance_over(taken[0].id, "EC2 says so.", "", clock())
    assert reserve(jobs[3], clock)


def test_keys_stay_while_a_machine_lives_and_the_refusal_names_it(jobs, clock):
    name = reserve(jobs[0], clock).runner.name
    with pytest.raises(MachinesLive, match=name), writing():
        delete_account(ADA, clock())
    with pytest.raises(MachinesLive) as refused, writing():
        set_keys(ADA, Keys("AKIAOTHER1234567", "x" * 20), clock())
    assert refused.value.names == [name]


def test_a_deleted_limit_leaves_what_its_machines_count_under(jobs, clock):
    reserve(jobs[0], clock)
    with writing():
        delete_limit(ADA, limits()[0], clock())
    assert slots_taken(KEY) == 1
    with writing():
        add_limit(ADA, KEY, 1, clock())
    assert reserve(jobs[1], clock) is None


def test_a_new_limit_is_not_taken_for_the_deleted_one_whose_machines_still_live(jobs, clock):
    instance = reserve(jobs[0], clock)
    with writing():
        delete_limit(ADA, limits()[0], clock())
        other = add_limit(ADA, KEY._replace(purchase_type="on-demand"), 1, clock())
    assert other.id != instance.limit_id


def test_there_is_one_limit_for_a_key(jobs, clock):
    with pytest.raises(LimitExists), writing():
        add_limit(ADA, KEY, 5, clock())


def test_keys_are_sealed_and_masked(jobs):
    raw = db.session.connection().exec_driver_sql(
        "SELECT access_key_id, secret_access_key FROM aws_account"
    )
    assert not any("AKIA" in text or "secret" in text for row in raw for text in row)
    assert mask("AKIAEXAMPLE12345") == "AKIA********2345"
    assert mask("short") == "*****"


def admitted(token: str, machine: str, clock):
    with writing():
        return admit_machine(token, machine, f"credential of {machine}", clock())


@pytest.fixture
def token(jobs, clock) -> str:
    """The bootstrap token of a requested machine."""
    instance = reserve(jobs[0], clock)
    with writing():
        assert freeze(instance.id, {"zone": "eu-west-1a"}, "#!/bin/sh", "the token", None)
    return "the token"


def test_a_bootstrap_token_admits_one_machine_and_may_be_repeated_by_it(token, clock):
    runner = admitted(token, "a" * 64, clock)
    assert runner.name == admitted(token, "a" * 64, clock).name
    assert admitted(token, "b" * 64, clock) is None
    assert admitted("another token", "a" * 64, clock) is None


@pytest.mark.parametrize("status", ["live", "terminating", "gone"])
def test_a_bootstrap_token_is_worth_nothing_once_the_agent_started_or_the_row_ends(
    token, clock, status
):
    runner = admitted(token, "a" * 64, clock)
    with writing():
        table = type(runner).__table__
        db.session.execute(table.update().where(table.c.id == runner.id).values(status=status))
    assert admitted(token, "a" * 64, clock) is None


def test_the_parameters_of_a_call_are_frozen_once(token, clock):
    (instance_id,) = db.session.scalars(select(Instance.id))
    with writing():
        assert not freeze(instance_id, {"zone": "other"}, "other", "other token", None)
    assert db.session.scalar(select(func.count()).select_from(Instance)) == 1


def test_a_machine_launched_before_any_price_was_known_gets_one_later(jobs, clock):
    first, second = reserve(jobs[0], clock), reserve(jobs[1], clock)
    with writing():
        first.zone = "eu-west-1a"
        db.session.add_all([first, second])
        db.session.flush()
        assert price_unpriced("eu-west-1") == 0
        prices = {("eu-west-1a", "m5.xlarge"): 0.07, ("eu-west-1b", "m5.xlarge"): 0.09}
        keep_prices("eu-west-1", prices, clock())
        assert price_unpriced("eu-west-1") == 2
    query = select(Instance.price).order_by(Instance.zone.is_(None))
    assert list(db.session.scalars(query)) == [0.07, 0.09]
