from tests.agents.books import attempt_row, job_row, newest_event, runner_row
from webapp.clock import now
from webapp.engine.states import Runner
from webapp.models.event import SCHEDULER
from webapp.models.runner_moves import drain_runner, move_runner
from webapp.models.transaction import writing


def test_the_runner_is_offline_until_its_next_start(machine):
    answer = machine.call("stop", {"reason": "Ctrl-C"})
    assert (answer.status_code, answer.json) == (200, {})
    row = runner_row(machine.runner_id)
    assert (row.status, row.reason, row.session) == ("offline", "Ctrl-C", None)
    assert newest_event(runner_id=row.id).what == "runner offline"


def test_what_it_still_holds_is_lost(machine, job):
    machine.call("stop", {"reason": "Ctrl-C"})
    assert job_row(job).status == "submitted"
    assert attempt_row(job).reason == "the agent was stopped"


def test_it_may_start_again(machine):
    machine.call("stop", {"reason": "Ctrl-C"})
    machine.start()
    assert runner_row(machine.runner_id).status == "live"


def test_nothing_is_taken_from_a_runner_that_stopped(machine, submit):
    machine.call("stop", {"reason": "Ctrl-C"})
    answer = machine.call("poll", {"holding": [], "slots": 1})
    assert (answer.status_code, answer.json["code"]) == (409, "old_session")


def test_the_answer_may_be_lost_and_the_call_repeated(machine):
    machine.call("stop", {"reason": "Ctrl-C"})
    assert machine.call("stop", {"reason": "Ctrl-C"}).status_code == 200
    assert newest_event(runner_id=machine.runner_id).what == "runner offline"


def test_a_machine_that_is_being_ended_says_goodbye_and_stays_on_its_way_out(machine):
    with writing():
        drain_runner(SCHEDULER, runner_row(machine.runner_id), "", now())
    with writing():
        going = (runner_row(machine.runner_id), Runner.TERMINATING)
        move_runner(SCHEDULER, *going, "terminating", "", now())
    assert machine.call("stop", {"reason": "SIGTERM"}).status_code == 200
    assert runner_row(machine.runner_id).status == "terminating"


def test_a_wrong_field_is_named(machine):
    answer = machine.call("stop", {"reason": "x" * 2001})
    assert (answer.status_code, list(answer.json["fields"])) == (400, ["reason"])


def test_an_unknown_credential_is_refused(machine):
    assert machine.call("stop", {"reason": ""}, secret="unknown").status_code == 401
