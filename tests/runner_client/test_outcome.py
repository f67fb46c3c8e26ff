from runner_client import ending, outcome
from runner_client.outcome import Outcome

STOP = ending.stopped(0, 10)


def test_an_exit_code_over_128_is_no_signal():
    assert outcome.of_process(137, None, False) == Outcome("exited", 137)


def test_a_signal_from_outside_is_kept_as_one():
    assert outcome.of_process(-9, None, False) == Outcome("signalled", None, 9)


def test_a_job_that_was_told_to_stop_was_stopped_whatever_its_exit_code():
    stopped = outcome.of_process(0, STOP, True)
    assert (stopped.outcome, stopped.exit_code) == ("stopped", 0)


def test_a_job_that_ended_by_itself_a_moment_before_keeps_its_exit_code():
    assert outcome.of_process(0, STOP, False) == Outcome("exited", 0)


def test_a_refusal_fails_the_job_unless_it_is_somebody_elses_by_now():
    assert outcome.refused("old_attempt", "No.").outcome == "dropped"
    assert outcome.refused("no_code", "It is gone.") == Outcome("failed", reason="It is gone.")
