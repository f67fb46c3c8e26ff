import pytest

from tests.agents.books import attempt_row, job_row, newest_event, runner_row
from tests.agents.machine import AgentPeer
from tests.people import TESTS
from webapp.clock import now
from webapp.extensions import db
from webapp.models.job_moves import stop_job
from webapp.models.returning import return_jobs
from webapp.models.run import run_named
from webapp.models.transaction import writing

EXITED = {"outcome": "exited", "exit_code": 0, "log_size": 0}


def finish(machine, job, **fields):
    answer = machine.report("finished", job, **{**EXITED, **fields})
    assert answer.status_code == 200, answer.text
    return job_row(job)


def test_started_is_noted_once(machine, job, clock):
    began = clock.advance(1)
    machine.report("started", job)
    clock.advance(5)
    machine.report("started", job)
    assert attempt_row(job).started_at == began


def test_what_a_job_runs_in_is_noted_until_it_waits_again(machine, job):
    machine.report("started", job, runs_in="image python:3.11", ports=[4001, 4002])
    row = job_row(job)
    assert (row.runs_in, row.port_numbers) == ("image python:3.11", [4001, 4002])
    row = finish(machine, job, exit_code=3)
    assert (row.runs_in, row.port_numbers) == (None, [])
    machine.poll()
    machine.report("started", job, 2)
    row = finish(machine, job, attempt=2)
    assert (row.runs_in, row.port_numbers) == (None, [])


def test_a_report_is_a_heartbeat(machine, job, clock):
    clock.advance(5)
    machine.report("started", job)
    assert runner_row(machine.runner_id).last_seen_at == clock.moment


def test_an_exit_code_of_zero_is_done(machine, job, clock):
    ended = clock.advance(3)
    row = finish(machine, job)
    assert (row.status, row.exit_code, row.finished_at) == ("done", 0, ended)
    assert attempt_row(job).outcome == "exited"


def test_a_failure_is_tried_again_while_retries_are_left_and_then_final(machine, job):
    row = finish(machine, job, exit_code=3)
    assert (row.status, row.retries_left) == ("submitted", 0)
    assert row.waiting == "Attempt 1 ended: exit code 3; no retries left."
    machine.poll()
    row = finish(machine, job, attempt=2, exit_code=3)
    assert (row.status, row.reason, row.exit_code) == ("failed", "exit code 3", 3)


def test_a_job_handed_back_spends_no_retry(machine, job):
    row = finish(machine, job, outcome="returned", exit_code=None, reason="it shuts down")
    assert (row.status, row.retries_left, row.runner_id) == ("submitted", 1, None)


@pytest.mark.parametrize(("abort", "status"), [(False, "stopped"), (True, "aborted")])
def test_an_order_that_was_carried_out_is_final(machine, job, abort, status):
    with writing():
        stop_job(TESTS, job_row(job), now(), abort=abort)
    outcome = "aborted" if abort else "stopped"
    assert finish(machine, job, outcome=outcome, exit_code=None).status == status


def test_the_reason_of_the_machine_is_kept(machine, job):
    finish(machine, job, outcome="failed", exit_code=None, reason="No such image: debian:99.")
    machine.poll()
    row = finish(
        machine, job, attempt=2, outcome="failed", exit_code=None, reason="No such image: x."
    )
    assert (row.status, row.reason) == ("failed", "No such image: x")


def test_the_run_follows_its_jobs_and_the_runner_is_named(machine, submit):
    run = submit()
    machine.poll()
    assert run_named(run.name).status == "running"
    job = finish(machine, run.jobs[0])
    db.session.refresh(run_named(run.name))
    assert run_named(run.name).status == "done"
    event = newest_event(run_id=job.run_id)
    assert (event.what, event.actor, event.who) == ("job done", "runner", machine.name)


def test_an_accepted_report_may_be_repeated(machine, job):
    first = finish(machine, job)
    assert finish(machine, job, exit_code=9).exit_code == first.exit_code == 0


def test_a_late_repetition_says_nothing_about_the_attempt_that_runs_now(machine, job):
    finish(machine, job, exit_code=3)
    machine.poll()
    row = finish(machine, job, exit_code=3)
    assert (row.status, row.attempt, row.finished_at) == ("running", 2, None)


def test_an_attempt_that_was_lost_is_old(machine, job, clock):
    machine.previous, machine.session = machine.session, "1" * 8 + "-1111" * 3 + "-" + "1" * 12
    machine.start()
    answer = machine.report("finished", job, **EXITED)
    assert answer.status_code == 409
    assert answer.json["results"][0]["code"] == "old_attempt"
    assert job_row(job).status == "submitted"


def test_an_attempt_that_was_taken_back_is_old_so_nobody_believes_its_end_counted(machine, job):
    with writing():
        return_jobs(machine.runner_id, "its machine is ended", now())
    answer = machine.report("finished", job, **EXITED)
    assert (answer.status_code, answer.json["results"][0]["code"]) == (409, "old_attempt")
    assert job_row(job).status == "submitted"


@pytest.mark.parametrize("attempt", [2, 99])
def test_an_attempt_that_never_was_is_old(machine, job, attempt):
    assert machine.report("finished", job, attempt, **EXITED).status_code == 409


def test_the_job_of_another_runner_is_not_reported_on(app, machine, job):
    other = AgentPeer(app, "cd" * 32).register().start()
    assert other.report("finished", job, **EXITED).status_code == 409
    assert job_row(job).status == "running"


def test_each_report_is_applied_by_itself(machine, job):
    at = now()
    good = {"kind": "finished", "job": job, "attempt": 1, "at": at, **EXITED}
    items = [
        {"kind": "started", "job": job, "attempt": 1, "at": at},
        {"kind": "started", "job": "0" * 12, "attempt": 1, "at": at},
        {**good, "outcome": "vanished"},
        {"kind": "unheard of", "job": job, "attempt": 1, "at": at},
        good,
    ]
    answer = machine.call("reports", {"reports": items})
    assert answer.status_code == 200
    results = answer.json["results"]
    assert [result["status"] for result in results] == [200, 409, 400, 400, 200]
    assert list(results[2]["fields"]) == ["outcome"]
    assert job_row(job).status == "done"


@pytest.mark.parametrize(
    ("field", "value"),
    [("log_size", -1), ("exit_code", 2**40), ("signal", 0), ("reason", "x" * 2001), ("job", "x")],
)
def test_a_wrong_field_is_named(machine, job, field, value):
    item = {"kind": "finished", "job": job, "attempt": 1, "at": 0, **EXITED, field: value}
    (result,) = machine.call("reports", {"reports": [item]}).json["results"]
    assert (result["status"], list(result["fields"])) == (400, [field])
    assert job_row(job).status == "running"


def test_more_than_a_hundred_reports_are_refused(machine):
    answer = machine.call("reports", {"reports": [{}] * 101})
    assert (answer.status_code, list(answer.json["fields"])) == (400, ["reports"])


def test_no_reports_are_no_mistake(machine):
    assert machine.call("reports", {"reports": []}).json == {"results": []}


def test_an_unknown_credential_is_refused(machine):
    assert machine.call("reports", {"reports": []}, secret="unknown").status_code == 401
