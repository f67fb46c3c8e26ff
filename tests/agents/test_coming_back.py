"""What an agent that was lost, or said goodbye, comes back as: what it was."""

import uuid

import pytest

from tests.agents.books import newest_event, runner_row
from tests.people import TESTS
from webapp.clock import now
from webapp.models.event import SCHEDULER
from webapp.models.runner_moves import drain_runner, interrupt_runner, lose_runner, resume_runner
from webapp.models.transaction import writing


def do(verb, machine, *more):
    with writing():
        assert verb(TESTS, runner_row(machine.runner_id), "", now(), *more)


def lose(machine):
    with writing():
        assert lose_runner(SCHEDULER, runner_row(machine.runner_id), "silent", now())


def stop(machine):
    assert machine.call("stop", {"reason": "a new kernel"}).status_code == 200


def starts(machine):
    machine.previous, machine.session = machine.session, str(uuid.uuid4())
    machine.start()


def polls(machine):
    return machine.poll()


def status(machine):
    return runner_row(machine.runner_id).status


@pytest.mark.parametrize(
    ("goes", "comes"), [(lose, polls), (lose, starts), (stop, starts)], ids=lambda f: f.__name__
)
def test_what_was_drained_comes_back_draining_and_gets_no_job(machine, submit, goes, comes):
    do(drain_runner, machine)
    goes(machine)
    submit()
    comes(machine)
    assert status(machine) == "draining"
    assert machine.poll() == {"jobs": [], "orders": [], "drain": True}
    event = newest_event(runner_id=machine.runner_id)
    assert (event.what, event.why) == ("runner draining", "It was draining before.")


def test_what_ec2_takes_back_comes_back_interrupted(machine, submit):
    with writing():
        interrupt_runner(SCHEDULER, runner_row(machine.runner_id), "", now(), None)
    lose(machine)
    submit()
    assert machine.poll()["jobs"] == []
    assert status(machine) == "interrupted"


@pytest.mark.parametrize("goes", [lose, stop])
def test_what_was_live_comes_back_live(machine, goes):
    goes(machine)
    starts(machine)
    assert status(machine) == "live"


def test_a_drain_that_was_taken_back_is_over(machine):
    do(drain_runner, machine)
    do(resume_runner, machine)
    lose(machine)
    polls(machine)
    assert status(machine) == "live"


def test_it_comes_back_draining_each_time(machine):
    do(drain_runner, machine)
    for _ in range(2):
        lose(machine)
        polls(machine)
    stop(machine)
    starts(machine)
    assert status(machine) == "draining"
    do(resume_runner, machine)
    stop(machine)
    starts(machine)
    assert status(machine) == "live"
