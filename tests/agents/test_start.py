import uuid

import pytest

from tests.agents.books import attempt_row, job_row, runner_row
from tests.agents.machine import MACHINE, AgentPeer
from tests.people import TESTS
from webapp.models.runner_moves import remove_runner
from webapp.models.transaction import writing


def body(peer, **changes):
    sessions = {"session": peer.session, "previous_session": peer.previous}
    return {**peer.hello(), **sessions, "machine": MACHINE, **changes}


def restarted(machine):
    """The same machine in the next life of its agent."""
    machine.previous, machine.session = machine.session, str(uuid.uuid4())
    return machine


def test_it_takes_what_the_machine_has_and_says_how_to_behave(app, people, clock):
    peer = AgentPeer(app).register()
    answer = peer.call("start", body(peer, clock=clock.moment + 7000))
    assert answer.status_code == 200
    assert answer.json == {
        "clock": clock.moment,
        "runner_name": peer.name,
        "poll_seconds": 0.05,
        "heartbeat_seconds": 10,
        "stop_grace_seconds": 10,
        "log_maximum": 100 * 1024 * 1024,
        "log_chunk": 1024 * 1024,
        "metadata_seconds": None,
    }
    row = runner_row(peer.runner_id)
    assert (row.status, row.cpu_milli, row.hostname) == ("live", 4000, "gpu-box.example.org")
    assert (row.clock_skew_ms, row.last_seen_at) == (7000, clock.moment)


def test_the_same_call_again_changes_nothing(machine, job):
    machine.start()
    assert job_row(job).status == "running"


def test_a_new_life_of_the_agent_loses_what_the_old_one_ran(machine, job):
    restarted(machine).start()
    assert (job_row(job).status, job_row(job).retries_left) == ("submitted", 0)
    ended = attempt_row(job)
    assert (ended.outcome, ended.reason) == ("lost", "the agent was started anew")


def test_a_life_that_does_not_know_the_one_before_is_a_clone_while_that_is_heard(machine, clock):
    machine.session = str(uuid.uuid4())
    answer = machine.call("start", body(machine))
    assert (answer.status_code, answer.json["code"]) == (409, "clone")
    clock.advance(31)
    assert machine.call("start", body(machine)).status_code == 200


def test_a_start_is_no_repetition_any_more_once_its_session_has_spoken(machine, clock):
    """A disk that was copied while its start was under way holds the name of that session."""
    clock.advance(1)
    machine.poll()
    answer = machine.call("start", body(machine))
    assert (answer.status_code, answer.json["code"]) == (409, "clone")


def test_another_machine_with_this_credential_is_a_clone(machine):
    copy = AgentPeer(machine.app, "cd" * 32)
    copy.credential = machine.credential
    # Its disk was copied: it knows the session too, so only the machine can tell them apart.
    copy.session, copy.previous = str(uuid.uuid4()), machine.session
    answer = copy.call("start", body(copy))
    assert (answer.status_code, answer.json["code"]) == (409, "clone")


def test_a_removed_runner_is_told_so(machine):
    with writing():
        remove_runner(TESTS, runner_row(machine.runner_id), "no longer needed", 0)
    answer = machine.call("start", body(machine))
    assert (answer.status_code, answer.json["code"]) == (403, "runner_removed")


@pytest.mark.parametrize("secret", ["unknown", " "])
def test_an_unknown_credential_is_refused(machine, secret):
    answer = machine.call("start", body(machine), secret=secret)
    assert (answer.status_code, answer.json["code"]) == (401, "unknown_credential")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"session": "x"}, "session"),
        ({"machine": {**MACHINE, "cpu_milli": 0}}, "machine.cpu_milli"),
        ({"machine": {**MACHINE, "gpus": [{"name": "V100"}]}}, "machine.gpus.0.memory_mib"),
        ({"machine": {**MACHINE, "container_engine": "rkt"}}, "machine.container_engine"),
        ({"machine": {**MACHINE, "hostname": "a\x00b"}}, "machine.hostname"),
        ({"machine": None}, "machine"),
    ],
)
def test_a_wrong_field_is_named(machine, changes, field):
    answer = machine.call("start", body(machine, **changes))
    assert answer.status_code == 400
    assert list(answer.json["fields"]) == [field]
