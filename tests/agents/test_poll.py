import itertools
import threading

import pytest

from tests.agents.books import job_row, runner_row
from tests.agents.machine import AgentPeer
from tests.people import TESTS
from tests.waiting import eventually
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.engine.outcomes import Ended
from webapp.engine.resources import Ask
from webapp.engine.states import Actor
from webapp.models.attempts import conclude
from webapp.models.event import SCHEDULER, Who
from webapp.models.job_moves import stop_job
from webapp.models.runner_moves import drain_runner, lose_runner, remove_runner
from webapp.models.transaction import writing

EMPTY = {"jobs": [], "orders": [], "drain": False}


@pytest.fixture
def long_polls(app):
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"poll_seconds": 20})


@pytest.fixture
def waiting_poll(app, machine, long_polls):
    """A poll that waits in a thread; call it with what should wake it, for the answer."""

    def call(wake, holding=(), **words):
        answers = []

        def poll():
            with app.app_context():
                answers.append(machine.poll(*holding, **words))

        thread = threading.Thread(target=poll)
        thread.start()
        tickets = app.extensions["wakeups"]._tickets
        eventually(lambda: machine.runner_id in tickets and tickets[machine.runner_id].left)
        wake()
        thread.join(timeout=10)
        assert not thread.is_alive()
        return answers[0]

    return call


def ask_to_stop(job, *, abort=False):
    with writing():
        stop_job(TESTS, job_row(job), now(), abort=abort)


def test_it_hands_out_a_waiting_job(machine, submit):
    run = submit(
        JobSpec(
            "echo hello",
            workflow_name="greet",
            working_dir="src",
            environment={"A": "b"},
            timeout_s=60,
            ask=Ask(cpu_milli=500, memory_mib=100, shm_mib=64),
        )
    )
    (job,) = machine.poll()["jobs"]
    environment = {"RUN_NAME": run.name, "JOB_ID": job["job"], "PYTHONUNBUFFERED": "1"}
    assert job == {
        "job": run.jobs[0],
        "attempt": 1,
        "run_name": run.name,
        "workflow_name": "greet",
        "commands": "echo hello",
        "image": None,
        "working_dir": "src",
        "environment": {**environment, "JOB_ATTEMPT": "1", "A": "b"},
        "timeout": 60,
        "needs": [],
        "python": None,
        "ports": 0,
        "artifacts": [],
        "resources": {"cpu_milli": 500, "memory_mib": 100, "shm_mib": 64, "gpus": 0},
    }
    row = job_row(job["job"])
    assert (row.status, row.runner_id, row.attempt) == ("running", machine.runner_id, 1)


def test_nothing_to_do_is_an_empty_answer(machine):
    assert machine.poll() == EMPTY


def test_it_hands_out_no_more_than_fit(machine, submit):
    submit(*[JobSpec("true", ask=Ask(cpu_milli=1500))] * 4)
    assert len(machine.poll(slots=4)["jobs"]) == 2


def test_it_hands_out_no_more_than_there_are_slots(machine, submit):
    submit(*[JobSpec("true")] * 4)
    assert len(machine.poll(slots=3)["jobs"]) == 3


def test_no_slots_means_no_jobs(machine, submit):
    submit()
    assert machine.poll(slots=0)["jobs"] == []


@pytest.mark.parametrize(
    "needs",
    [
        Ask(cpu_milli=5000),
        Ask(memory_mib=20_000),
        Ask(gpu_count=1),
        Ask(labels=frozenset({"ssd"})),
    ],
)
def test_a_job_that_does_not_fit_stays_waiting(machine, submit, needs):
    run = submit(JobSpec("true", ask=needs))
    assert machine.poll() == EMPTY
    assert job_row(run.jobs[0]).status == "submitted"


def test_a_job_with_an_image_waits_for_a_container_engine(app, machine, submit):
    submit(JobSpec("true", image="debian:12", ask=Ask(container=True)))
    assert machine.poll() == EMPTY
    other = AgentPeer(app, "cd" * 32).register().start(container_engine="podman")
    assert len(other.poll()["jobs"]) == 1


def test_a_lost_answer_is_given_again(machine, job):
    assert [item["job"] for item in machine.poll()["jobs"]] == [job]
    assert machine.poll((job, 1)) == EMPTY


def test_what_is_on_its_way_takes_up_slots(machine, submit):
    submit(*[JobSpec("true")] * 3)
    assert len(machine.poll(slots=2)["jobs"]) == 2
    assert len(machine.poll(slots=2)["jobs"]) == 2, "the same two again, not the third"


@pytest.mark.parametrize(("abort", "order"), [(False, "stop"), (True, "abort")])
def test_orders_are_repeated_until_they_are_carried_out(machine, job, abort, order):
    ask_to_stop(job, abort=abort)
    expected = [{"job": job, "attempt": 1, "order": order}]
    assert machine.poll((job, 1))["orders"] == expected
    assert machine.poll((job, 1))["orders"] == expected


def test_it_is_told_to_drop_what_is_not_its_own(machine, job):
    machine.finish(job)
    orders = machine.poll((job, 1), ("0123456789ab", 3))["orders"]
    assert [(order["job"], order["order"]) for order in orders] == [
        (job, "drop"),
        ("0123456789ab", "drop"),
    ]


def test_a_draining_runner_gets_no_jobs(machine, submit):
    submit()
    with writing():
        drain_runner(TESTS, runner_row(machine.runner_id), "", now())
    assert machine.poll() == {**EMPTY, "drain": True}


def test_a_lost_runner_that_calls_is_live_again(machine, clock):
    with writing():
        lose_runner(SCHEDULER, runner_row(machine.runner_id), "silent", now())
    machine.poll()
    row = runner_row(machine.runner_id)
    assert (row.status, row.session) == ("live", machine.session)


def test_a_poll_is_a_heartbeat(machine, clock):
    clock.advance(5)
    machine.poll()
    assert runner_row(machine.runner_id).last_seen_at == clock.moment


def test_a_submission_ends_the_waiting(waiting_poll, submit):
    answer = waiting_poll(lambda: submit(JobSpec("echo now")))
    assert [job["commands"] for job in answer["jobs"]] == ["echo now"]


@pytest.mark.parametrize("retries", [0, 1])
def test_room_that_a_job_leaves_is_filled_at_once(waiting_poll, machine, submit, retries):
    """Also by the job itself, when it is tried again."""
    (job,) = submit(JobSpec("a", ask=Ask(cpu_milli=4000), retries=retries)).jobs
    machine.poll()
    (other,) = [job] if retries else submit(JobSpec("b", ask=Ask(cpu_milli=4000))).jobs

    def end():
        with writing():
            failed = Ended("exited", retries)
            conclude(Who(Actor.RUNNER, machine.name), job_row(job), failed, now())

    answer = waiting_poll(end, holding=[(job, 1)])
    assert [each["job"] for each in answer["jobs"]] == [other]


def test_room_that_a_job_leaves_is_filled_by_what_it_freed(waiting_poll, machine, submit):
    whole = Ask(cpu_milli=4000)
    first, second = submit(JobSpec("a", ask=whole), JobSpec("b", ask=whole, depends_on=(0,))).jobs
    machine.poll()

    def end():
        with writing():
            ended = Ended("exited", 0)
            conclude(Who(Actor.RUNNER, machine.name), job_row(first), ended, now())

    answer = waiting_poll(end, holding=[(first, 1)])
    assert [each["job"] for each in answer["jobs"]] == [second]


def test_a_drain_ends_the_waiting(waiting_poll, machine):
    def drain():
        with writing():
            drain_runner(TESTS, runner_row(machine.runner_id), "", now())

    assert waiting_poll(drain)["drain"] is True


def test_a_newer_poll_ends_the_older_one(app, waiting_poll, machine, submit):
    newer = []

    def poll_again():
        settings = app.extensions["settings"]
        app.extensions["settings"] = settings.model_copy(update={"poll_seconds": 0.05})
        newer.append(machine.call("poll", {"holding": [], "slots": 4}).json)

    assert waiting_poll(poll_again) == EMPTY
    assert newer == [EMPTY]


def test_an_older_session_is_told_that_it_is_over(machine):
    machine.session = "00000000-0000-0000-0000-000000000000"
    answer = machine.call("poll", {"holding": [], "slots": 1})
    assert (answer.status_code, answer.json["code"]) == (409, "old_session")


def test_a_call_without_a_session_is_refused(app, machine):
    headers = {"Authorization": f"Bearer {machine.credential}"}
    answer = app.test_client().post("/agents/v1/poll", json={}, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")


def test_a_removed_runner_is_told_so(machine):
    with writing():
        remove_runner(TESTS, runner_row(machine.runner_id), "no longer needed", now())
    answer = machine.call("poll", {"holding": [], "slots": 1})
    assert (answer.status_code, answer.json["code"]) == (403, "runner_removed")


def test_an_unknown_credential_is_refused(machine):
    answer = machine.call("poll", {"holding": [], "slots": 1}, secret="unknown")
    assert (answer.status_code, answer.json["code"]) == (401, "unknown_credential")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"holding": []}, "slots"),
        ({"holding": [], "slots": -1}, "slots"),
        ({"holding": [{"job": "x", "attempt": 1}], "slots": 1}, "holding.0.job"),
        ({"holding": [{"job": "0" * 12, "attempt": 0}], "slots": 1}, "holding.0.attempt"),
        ({"holding": [], "slots": 1, "more": 2}, "more"),
    ],
)
def test_a_wrong_field_is_named(machine, body, field):
    answer = machine.call("poll", body)
    assert answer.status_code == 400
    assert list(answer.json["fields"]) == [field]


def test_what_is_not_json_is_a_bad_request(app, machine):
    headers = {"Authorization": f"Bearer {machine.credential}", "Runner-Session": machine.session}
    answer = app.test_client().post("/agents/v1/poll", data=b"\xff{", headers=headers)
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")


def test_a_clock_that_is_set_back_meanwhile_makes_no_poll_longer(app, machine):
    hours = itertools.count(now(), -3_600_000)
    app.extensions["clock"] = lambda: next(hours)
    answers = []

    def poll():
        with app.app_context():
            answers.append(machine.poll())

    thread = threading.Thread(target=poll)
    thread.start()
    thread.join(timeout=10)
    by_itself = not thread.is_alive()
    app.extensions["wakeups"].close()  # ends one that would wait for an hour
    thread.join(timeout=10)
    assert (by_itself, answers) == (True, [EMPTY])
