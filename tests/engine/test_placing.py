"""Where waiting jobs go, and when a machine is launched for them."""

import pytest

from tests.engine.views import (
    BIG_KEY,
    GPU_HAVE,
    KEY,
    NOW,
    asked,
    job,
    limit,
    machine,
    own,
    rented,
)
from webapp.engine.plan import plan
from webapp.engine.plan.actions import Hold, Launch, Terminate, Undrain
from webapp.engine.plan.placing import place
from webapp.engine.resources import Ask
from webapp.engine.snapshot import Key, Rules, Snapshot, Trouble, WaitingJob
from webapp.engine.states import Instance, Runner


def launches(snapshot):
    return [each for each in place(snapshot).actions if isinstance(each, Launch)]


def holds(snapshot):
    return {each.job_id: each.why for each in plan(snapshot) if isinstance(each, Hold)}


def snap(jobs, limits=(), instances=(), runners=(), rules=None):
    both = tuple(runners) + tuple(each.runner for each in instances if each.runner)
    return Snapshot(NOW, rules or Rules(), tuple(jobs), both, tuple(instances), tuple(limits))


def test_it_launches_one_machine_for_a_job_that_fits_nowhere():
    (launch,) = launches(snap([job("a")], [limit()]))
    assert (launch.job_id, launch.limit_id, launch.key) == ("a", 1, KEY)


def test_it_launches_nothing_when_the_limit_is_reached():
    busy = [machine(f"i{n}", rented(f"r{n}", busy=4)) for n in range(3)]
    assert launches(snap([job("a")], [limit(3)], busy)) == []


@pytest.mark.parametrize("status", ["pending", "requested", "running", "draining", "terminating"])
def test_a_machine_in_any_status_but_terminated_holds_its_slot(status):
    runner = rented("r", Runner.TERMINATING)
    one = machine("i", runner, status=Instance(status), drain_cause="surplus")
    assert launches(snap([job("a")], [limit(1)], [one])) == []


def test_it_never_launches_more_than_the_headroom_however_many_jobs_wait():
    jobs = [job(f"j{n}", 4) for n in range(50)]
    assert len(launches(snap(jobs, [limit(3)], [asked("x", job_id="j0")]))) == 2


def test_jobs_that_fit_together_share_one_launch():
    assert len(launches(snap([job(f"j{n}") for n in range(9)], [limit(10)]))) == 3


def test_own_runners_come_first_because_they_are_paid_for():
    snapshot = snap([job("a")], [limit()], [machine("i", rented("r"))], [own("box")])
    assert place(snapshot).used == {"box"}


def test_a_job_goes_to_a_live_machine_before_one_that_is_coming():
    snapshot = snap([job("a")], [limit()], [asked("x"), machine("i", rented("r"))])
    assert place(snapshot).used == {"i"}


def test_a_machine_that_is_coming_is_counted_once_with_the_work_it_was_launched_for():
    instances = [asked("small", job_id="a"), asked("other", job_id="b")]
    snapshot = snap([job("a", 4), job("b", 4)], [limit(9)], instances)
    assert launches(snapshot) == []
    assert place(snapshot).used == {"small", "other"}


def test_bound_work_keeps_its_machine_when_older_work_would_take_it():
    big = asked("big", key=BIG_KEY, have=GPU_HAVE, job_id="gpu")
    small = asked("small", job_id="tiny")
    limits = [limit(9), limit(9, BIG_KEY, 2, have=GPU_HAVE)]
    snapshot = snap([job("tiny"), job("gpu", 8, gpu_count=1)], limits, [big, small])
    assert launches(snapshot) == []


def test_the_cheapest_limit_that_fits_wins():
    dear = limit(3, Key("eu-west-1", "c5.4xlarge", "spot"), 2, price=0.9)
    cheap = limit(3, Key("us-east-1", "m5.xlarge", "spot"), 3, price=0.05)
    unknown = limit(3, Key("us-east-2", "m5.xlarge", "spot"), 4, price=None)
    (launch,) = launches(snap([job("a")], [unknown, dear, cheap]))
    assert launch.limit_id == 3


def test_spot_comes_before_on_demand_and_a_job_may_refuse_it():
    firm = limit(3, Key("eu-west-1", "m5.xlarge", "on-demand"), 2, price=0.01)
    steady = limit(3).have.__class__(4000, 16000, containers=False)
    firm = type(firm)(2, firm.key, 3, steady, price=0.01)
    (either,) = launches(snap([job("a")], [firm, limit()]))
    (refused,) = launches(snap([job("a", interruptible=False)], [firm, limit()]))
    assert (either.limit_id, refused.limit_id) == (1, 2)


def test_the_next_limit_is_taken_when_the_cheapest_backs_off():
    trouble = Trouble("capacity", "EC2 has no capacity", NOW + 60_000)
    cheap = limit(3, price=0.01, trouble=trouble)
    dear = limit(3, Key("us-east-1", "m5.xlarge", "spot"), 2, price=0.5)
    (launch,) = launches(snap([job("a")], [cheap, dear]))
    assert launch.limit_id == 2


def test_a_back_off_that_is_over_is_over():
    over = limit(3, trouble=Trouble("capacity", "EC2 has no capacity", NOW))
    assert len(launches(snap([job("a")], [over]))) == 1


@pytest.mark.parametrize(
    "changes, rules",
    [
        ({"enabled": False}, Rules()),
        ({"tripped": True}, Rules()),
        ({"have": None}, Rules()),
        ({}, Rules(enabled=False)),
        ({}, Rules(configured=False)),
    ],
)
def test_nothing_is_launched_from_a_limit_that_is_closed(changes, rules):
    assert launches(snap([job("a")], [limit(3, **changes)], rules=rules)) == []


@pytest.mark.parametrize("status", ["interrupted", "lost", "offline", "draining"])
def test_a_runner_that_is_not_live_gets_no_job(status):
    snapshot = snap([job("a")], [limit()], runners=[own("box", status=Runner(status))])
    assert len(launches(snapshot)) == 1


def test_a_machine_that_drains_for_idleness_is_kept_for_a_new_job():
    idle = machine("i", rented("r", Runner.DRAINING), status=Instance.DRAINING, drain_cause="idle")
    actions = plan(snap([job("a")], [limit(1)], [idle]))
    assert [each.instance_id for each in actions if isinstance(each, Undrain)] == ["i"]
    assert not [each for each in actions if isinstance(each, Launch | Terminate)]


@pytest.mark.parametrize("cause", ["surplus", "wish", "lifetime"])
def test_a_machine_that_has_to_go_is_not_kept(cause):
    going = machine("i", rented("r", Runner.DRAINING), status=Instance.DRAINING, drain_cause=cause)
    actions = plan(snap([job("a")], [limit(2)], [going]))
    assert not [each for each in actions if isinstance(each, Undrain)]
    assert len([each for each in actions if isinstance(each, Launch)]) == 1


def test_a_kept_machine_does_not_break_a_limit_that_was_lowered():
    idle = machine("i", rented("r", Runner.DRAINING), status=Instance.DRAINING, drain_cause="idle")
    busy = machine("j", rented("s", busy=4))
    actions = plan(snap([job("a")], [limit(1)], [idle, busy]))
    assert not [each for each in actions if isinstance(each, Undrain)]


def test_a_job_with_a_container_gets_a_machine_with_an_engine():
    (launch,) = launches(snap([job("a", container=True)], [limit()]))
    assert launch.container
    snapshot = snap([job("a"), job("b", container=True)], [limit()])
    assert [each.container for each in launches(snapshot)] == [False, True]


def test_a_sentence_is_only_written_when_it_changes():
    first = holds(snap([job("a")], [limit(0)]))["a"]
    told = WaitingJob("a", Ask(), first)
    assert holds(snap([told], [limit(0)])) == {}
