"""When a machine is drained, and when it is ended."""

import pytest

from tests.engine.views import KEY, NOW, ago, asked, job, limit, machine, rented
from webapp.engine.plan import plan
from webapp.engine.plan.actions import Booted, Drain, Hold, Launch, Terminate, Undrain
from webapp.engine.snapshot import Rules, Snapshot
from webapp.engine.states import Instance, Runner


def decided(each, limits=None, rules=None, jobs=()):
    runners = (each.runner,) if each.runner else ()
    limits = (limit(3),) if limits is None else tuple(limits)
    snapshot = Snapshot(NOW, rules or Rules(), tuple(jobs), runners, (each,), limits)
    return [a for a in plan(snapshot) if not isinstance(a, Hold)]


def busy(**changes):
    return machine("i", rented("r", busy=1), **changes)


def draining(busy=0, **changes):
    runner = rented("r", Runner.DRAINING, busy=busy)
    return machine("i", runner, **{"status": Instance.DRAINING, "drain_cause": "idle", **changes})


IDLE = "It has been idle for 5 min."
LOWERED = f"The limit {KEY} was lowered to 0."


@pytest.mark.parametrize(
    "each, limits, rules, action",
    [
        # idle
        (machine("i", rented("r", idle=299)), None, None, None),
        (machine("i", rented("r", idle=300)), None, None, Drain("i", "idle", IDLE)),
        (
            machine("i", rented("r", idle=0)),
            None,
            Rules(idle_seconds=0),
            Drain("i", "idle", "Its last job is over."),
        ),
        (busy(), None, Rules(idle_seconds=0), None),
        # limits lowered, deleted, switched off
        (busy(), [limit(0)], None, Drain("i", "surplus", LOWERED)),
        (busy(), [], None, Drain("i", "surplus", f"The limit {KEY} was deleted.")),
        (
            busy(),
            [limit(3, enabled=False)],
            None,
            Drain("i", "surplus", f"The limit {KEY} was switched off."),
        ),
        (
            busy(),
            None,
            Rules(enabled=False),
            Drain("i", "surplus", "On-demand runners were switched off."),
        ),
        # a person's wish
        (
            busy(wish="drain", wish_why="ada ended it."),
            None,
            None,
            Drain("i", "wish", "ada ended it."),
        ),
        (
            busy(wish="now", wish_why="ada ended it."),
            None,
            None,
            Terminate("i", "now", "ada ended it."),
        ),
        # maximum lifetime
        (busy(), None, Rules(lifetime_seconds=61), None),
        (
            busy(),
            None,
            Rules(lifetime_seconds=60),
            Drain("i", "lifetime", "Our maximum lifetime of 1 min is over."),
        ),
        # draining never ends a machine that holds a job
        (draining(busy=1), None, None, None),
        (draining(), None, None, Terminate("i", "idle", "It is drained: no job is left on it.")),
        # a person drained the runner itself
        (
            machine("i", rented("r", Runner.DRAINING)),
            None,
            None,
            Terminate("i", "wish", "It is drained: no job is left on it."),
        ),
        # a runner that takes jobs again is no longer draining
        (
            machine("i", rented("r", busy=1), status=Instance.DRAINING, drain_cause="idle"),
            None,
            None,
            Undrain("i", "Its runner takes jobs again."),
        ),
        # interrupted
        (machine("i", rented("r", Runner.INTERRUPTED, busy=1)), None, None, None),
        (
            machine("i", rented("r", Runner.INTERRUPTED)),
            None,
            None,
            Terminate("i", "interruption", "EC2 takes the machine back, and no job is left on it."),
        ),
        # the agent is silent: machine by machine, with patience
        (machine("i", rented("r", Runner.LOST, since=ago(179))), None, None, None),
        (
            machine("i", rented("r", Runner.LOST, since=ago(180))),
            None,
            None,
            Terminate("i", "lost", "Its agent has been lost for 3 min."),
        ),
        (
            machine("i", rented("r", Runner.OFFLINE, since=ago(180))),
            None,
            None,
            Terminate("i", "lost", "Its agent has been offline for 3 min."),
        ),
        # a removed runner takes its machine with it
        (machine("i", None), None, None, Terminate("i", "removed", "Its runner was removed.")),
        # what is on its way out is left alone
        (machine("i", None, status=Instance.TERMINATING), None, None, None),
    ],
)
def test_a_machine_that_is_here(each, limits, rules, action):
    assert decided(each, limits, rules) == ([action] if action else [])


BOOT = "Its agent did not call in within 10 min: boot timeout."


@pytest.mark.parametrize(
    "each, limits, jobs, action",
    [
        (asked("i", job_id="a"), None, [job("a")], None),
        (asked("i", job_id="a", created_at=ago(599)), None, [job("a")], None),
        (
            asked("i", job_id="a", created_at=ago(600), has_machine=True),
            None,
            [job("a")],
            Terminate("i", "boot", BOOT),
        ),
        (
            asked("i", job_id="a", created_at=ago(600)),
            None,
            [job("a")],
            Terminate("i", "capacity", BOOT),
        ),
        (
            asked("i", job_id="a", holding="capacity-not-available", holding_since=ago(19)),
            None,
            [job("a")],
            None,
        ),
        (
            asked("i", job_id="a", holding="capacity-not-available", holding_since=ago(20)),
            None,
            [job("a")],
            Terminate(
                "i", "capacity", "EC2 had no machine for it within 20 s: capacity-not-available."
            ),
        ),
        (
            asked("i", job_id="a", holding="price-too-low", holding_since=ago(20)),
            None,
            [job("a")],
            Terminate("i", "price", "EC2 had no machine for it within 20 s: price-too-low."),
        ),
        (
            asked("i", job_id="gone"),
            None,
            [],
            Terminate("i", "unneeded", "No job is waiting for it any more."),
        ),
        # a machine that already boots may finish: it is ended when it has been idle
        (asked("i", job_id="gone", has_machine=True), None, [], None),
        (
            asked("i", job_id="a"),
            [limit(0)],
            [job("a")],
            Terminate("i", "surplus", LOWERED),
        ),
    ],
)
def test_a_machine_that_was_asked_for(each, limits, jobs, action):
    assert decided(each, limits, jobs=jobs) == ([action] if action else [])


def test_a_machine_that_is_taken_back_before_it_called_in_is_ended_and_replaced():
    each = asked("i", job_id="a", has_machine=True, interrupted=True)
    launch, end = decided(each, jobs=[job("a")])
    assert isinstance(launch, Launch)
    assert end == Terminate("i", "interruption", "EC2 takes it back before its agent called in.")


def test_the_first_call_of_an_agent_is_noted():
    each = machine("i", rented("r", busy=1), booted=False)
    assert decided(each) == [Booted("i", "r called in.")]


def test_an_idle_machine_stays_when_a_waiting_job_is_about_to_run_on_it():
    each = machine("i", rented("r", idle=10_000))
    assert decided(each, jobs=[job("a")]) == []


def test_lowering_ends_only_the_surplus():
    machines = tuple(machine(f"i{n}", rented(f"r{n}", busy=1), created_at=n) for n in range(3))
    snapshot = Snapshot(NOW, Rules(), (), (), machines, (limit(2),))
    assert [each.instance_id for each in plan(snapshot)] == ["i2"]
