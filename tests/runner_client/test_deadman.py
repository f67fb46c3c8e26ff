"""When the dead-man's switch is pushed: while the server is there, or work goes on."""

import pytest

from runner_client import outcome
from runner_client.deadman import Deadman, from_environment
from runner_client.folders import Folder
from runner_client.job import Job
from runner_client.job_spec import parse


@pytest.fixture
def job(tmp_path):
    spec = parse({"job": "0123456789ab", "attempt": 1})
    folder = Folder(tmp_path, "0123456789ab-1")
    folder.make()
    job = Job(spec, folder, 1000)
    yield job
    job.spool.close()


@pytest.mark.parametrize(
    ("minutes", "heard_ago", "at_work", "pushes"),
    [
        (20, 1, False, True),
        (20, 89, False, True),
        (20, 91, False, False),
        (20, None, False, False),
        (20, 9999, True, True),
        (20, None, True, True),
        (1, 4, False, True),
        (1, 5, False, False),
        (None, 1, True, False),
    ],
)
def test_it_is_pushed_while_the_server_is_heard_or_work_goes_on(
    minutes, heard_ago, at_work, pushes
):
    heard_at = None if heard_ago is None else 10_000 - heard_ago
    assert Deadman(minutes).is_due(500, 10_000, heard_at, at_work) is pushes


@pytest.mark.parametrize(("minutes", "seconds"), [(20, 60), (10, 30), (1, 3)])
def test_it_is_pushed_twenty_times_before_it_could_run_out(minutes, seconds):
    switch = Deadman(minutes)
    assert switch.is_due(500, 10_000, 10_000, False)
    assert not switch.is_due(500 + seconds - 0.1, 10_000, 10_000, True)
    assert switch.is_due(500 + seconds, 10_000, 10_000, True)


def test_after_a_time_without_server_and_work_it_is_pushed_at_once(job):
    switch = Deadman(20)
    assert not switch.is_due(500, 10_000, None, False)
    assert switch.is_due(501, 10_000, 10_000, False)


def test_a_job_is_work_until_its_outcome_is_known(job):
    assert job.is_at_work
    job.outcome = outcome.failed("no disk")
    assert not job.is_at_work, "what is left of it is a report, and nobody may ever take it"


def test_a_job_that_waits_for_the_server_is_no_work(job):
    job.control.waits = True
    assert not job.is_at_work


@pytest.mark.parametrize(
    ("text", "minutes"), [("20", 20), ("", None), ("0", None), ("-1", None), ("soon", None)]
)
def test_a_machine_says_by_a_variable_that_it_has_one(text, minutes):
    assert from_environment({"DSTACK_DEADMAN_MINUTES": text}).minutes == minutes
