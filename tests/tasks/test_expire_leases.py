import pytest

from tests.agents.machine import AgentPeer
from tests.people import TESTS
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.extensions import db
from webapp.models.clock_step import forget_the_future
from webapp.models.event import events_of
from webapp.models.job import Job
from webapp.models.lease import LEADER, take_lease
from webapp.models.runner import Runner
from webapp.models.runner_moves import drain_runner
from webapp.models.submission import submit_run
from webapp.models.transaction import writing
from webapp.tasks.expire_leases import expire_leases


def lead(seconds=3600):
    with writing():
        take_lease(LEADER, "this process", now(), seconds)


@pytest.fixture
def machine(app, people, clock):
    """A live runner; the server has led for a minute."""
    lead()
    clock.advance(60)
    return AgentPeer(app).register().start()


@pytest.fixture
def job(machine, people):
    with writing():
        submit_run(TESTS, people["member"].id, [JobSpec("true", retries=1)], now())
    return machine.poll()["jobs"][0]["job"]


def row(table, key):
    return db.session.get(table, key, populate_existing=True)


def test_a_runner_not_heard_for_the_lease_is_lost(machine, clock):
    clock.advance(31)
    assert expire_leases(now()) == 1
    runner = row(Runner, machine.runner_id)
    assert (runner.status, runner.session) == ("lost", None)
    assert runner.reason == f"{machine.name} was not heard for 30 s"
    event = events_of(runner_id=runner.id)[0]
    assert (event.what, event.who) == ("runner lost", "scheduler")


def test_its_job_is_queued_again(machine, job, clock):
    clock.advance(31)
    expire_leases(now())
    waiting = row(Job, job)
    assert (waiting.status, waiting.retries_left, waiting.runner_id) == ("submitted", 0, None)
    assert "was not heard for 30 s" in waiting.waiting


def test_a_job_without_retries_fails_with_that_reason(machine, job, clock):
    clock.advance(31)
    expire_leases(now())
    machine.poll()
    clock.advance(31)
    expire_leases(now())
    failed = row(Job, job)
    assert (failed.status, failed.reason) == ("failed", f"{machine.name} was not heard for 30 s")


def test_the_job_of_a_machine_that_ec2_took_back_spends_no_retry(machine, job, clock):
    interruption = {"action": "terminate", "at": now()}
    body = {"holding": [], "clock": now(), "disk_free_mib": 1, "interruption": interruption}
    assert machine.call("heartbeat", body).status_code == 200
    clock.advance(31)
    expire_leases(now())
    waiting = row(Job, job)
    assert (waiting.status, waiting.retries_left) == ("submitted", 1)
    assert "after EC2 took it back" in waiting.waiting


def test_a_runner_that_was_heard_stays(machine, clock):
    clock.advance(29)
    assert expire_leases(now()) == 0
    assert row(Runner, machine.runner_id).status == "live"


def test_a_draining_runner_is_lost_too(machine, clock):
    with writing():
        drain_runner(TESTS, row(Runner, machine.runner_id), "", now())
    clock.advance(31)
    assert expire_leases(now()) == 1


def test_a_lost_runner_is_not_lost_again(machine, clock):
    clock.advance(31)
    expire_leases(now())
    clock.advance(31)
    assert expire_leases(now()) == 0


def test_an_offline_runner_is_left_alone(machine, clock):
    machine.call("stop", {"reason": "Ctrl-C"})
    clock.advance(3600)
    assert expire_leases(now()) == 0
    assert row(Runner, machine.runner_id).status == "offline"


def test_silence_before_this_server_listened_proves_nothing(machine, job, clock):
    clock.advance(7200)  # the lease of the leader ran out meanwhile: nobody was there
    lead()
    assert expire_leases(now()) == 0
    clock.advance(29)
    assert expire_leases(now()) == 0
    clock.advance(2)
    assert expire_leases(now()) == 1


def test_after_the_clock_was_set_back_a_silent_runner_is_missed_as_soon_as_ever(machine, clock):
    clock.advance(-3600)
    with writing():
        forget_the_future(TESTS, 3_600_000, now())
        take_lease(LEADER, "this process", now(), 3600)
    clock.advance(31)
    assert expire_leases(now()) == 1
