import pytest

from tests.agents.books import job_row, newest_event, runner_row
from tests.people import TESTS
from webapp.clock import now
from webapp.models.event import SCHEDULER
from webapp.models.job_moves import stop_job
from webapp.models.runner_moves import drain_runner, lose_runner
from webapp.models.transaction import writing


def beat(machine, *jobs, **fields):
    holding = [{"job": job, "attempt": 1} for job in jobs]
    body = {"holding": holding, "clock": now(), "disk_free_mib": 500, **fields}
    return machine.call("heartbeat", body)


def test_it_notes_that_the_runner_lives(machine, job, clock):
    clock.advance(10)
    answer = beat(machine, job, clock=clock.moment - 2000)
    assert answer.json == {"orders": [], "drain": False, "clock": clock.moment}
    row = runner_row(machine.runner_id)
    assert (row.last_seen_at, row.disk_free_mib, row.clock_skew_ms) == (clock.moment, 500, -2000)


def test_it_answers_with_orders(machine, job):
    with writing():
        stop_job(TESTS, job_row(job), now(), abort=False)
    assert beat(machine, job).json["orders"] == [{"job": job, "attempt": 1, "order": "stop"}]


def test_it_tells_to_drop_what_was_given_away(machine):
    (order,) = beat(machine, "ffffffffffff").json["orders"]
    assert order["order"] == "drop"


def test_a_draining_runner_is_told(machine):
    with writing():
        drain_runner(TESTS, runner_row(machine.runner_id), "", now())
    assert beat(machine).json["drain"] is True


def test_an_interruption_ends_the_handing_out_of_jobs(machine, submit, clock):
    at = clock.moment + 120_000
    assert beat(machine, interruption={"action": "terminate", "at": at}).json["drain"] is True
    row = runner_row(machine.runner_id)
    assert (row.status, row.interruption_at) == ("interrupted", at)
    assert newest_event(runner_id=row.id).why == "EC2 announced: terminate"
    submit()
    assert machine.poll()["jobs"] == []


def test_an_interruption_may_be_told_again(machine):
    for _ in range(2):
        assert beat(machine, interruption={"action": "stop", "at": 1}).status_code == 200
    assert runner_row(machine.runner_id).status == "interrupted"


def test_a_lost_runner_that_beats_is_live_again(machine):
    with writing():
        lose_runner(SCHEDULER, runner_row(machine.runner_id), "silent", now())
    assert beat(machine).json["drain"] is False
    assert runner_row(machine.runner_id).status == "live"


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"disk_free_mib": "much"}, "disk_free_mib"),
        ({"clock": None}, "clock"),
        ({"interruption": {"action": "x"}}, "interruption.at"),
    ],
)
def test_a_wrong_field_is_named(machine, fields, name):
    answer = beat(machine, **fields)
    assert (answer.status_code, list(answer.json["fields"])) == (400, [name])


def test_an_older_session_is_told_that_it_is_over(machine):
    machine.session = "00000000-0000-0000-0000-000000000000"
    assert beat(machine).json["code"] == "old_session"


def test_an_unknown_credential_is_refused(machine):
    machine.credential = "unknown"
    assert beat(machine).status_code == 401
