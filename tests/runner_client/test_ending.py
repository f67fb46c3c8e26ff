import signal

from hypothesis import given
from hypothesis import strategies as st

from runner_client import ending
from runner_client.ending import due, sooner


def test_a_stopped_job_gets_sigterm_and_after_the_grace_sigkill():
    end = ending.stopped(100, 10)
    assert due(end, 100, None) == signal.SIGTERM
    assert due(end, 109.9, signal.SIGTERM) is None
    assert due(end, 110, signal.SIGTERM) == signal.SIGKILL
    assert due(end, 200, signal.SIGKILL) is None


def test_an_aborted_job_gets_sigkill_at_once():
    assert due(ending.aborted(100), 100, None) == signal.SIGKILL


def test_a_timeout_comes_when_its_time_has_come():
    end = ending.timed_out(0, 60, 10)
    assert due(end, 59, None) is None
    assert due(end, 60, None) == signal.SIGTERM
    assert due(end, 70, signal.SIGTERM) == signal.SIGKILL


def test_an_interrupted_job_has_until_20_s_before_the_end():
    end = ending.interrupted(0, 120)
    assert due(end, 99, None) is None
    assert due(end, 100, None) == signal.SIGTERM
    assert due(end, 110, signal.SIGTERM) == signal.SIGKILL
    assert end.outcome == "returned"


def test_a_late_notice_leaves_what_time_there_is():
    assert due(ending.interrupted(0, 15), 0, None) == signal.SIGTERM
    assert due(ending.interrupted(0, 5), 0, None) == signal.SIGKILL


def test_an_abort_overtakes_a_stop_and_a_stop_does_not_overtake_an_abort():
    stop, abort = ending.stopped(0, 10), ending.aborted(1)
    assert sooner(stop, abort) is abort
    assert sooner(abort, ending.stopped(2, 0)) is abort


def test_a_repeated_stop_does_not_postpone_the_end():
    first = ending.stopped(0, 10)
    assert sooner(first, ending.stopped(5, 10)) is first


def test_an_attempt_that_was_given_away_is_never_reported_as_anything_else():
    dropped = ending.dropped(50)
    assert sooner(ending.aborted(0), dropped) is dropped
    assert sooner(dropped, ending.aborted(0)) is dropped


@given(st.floats(0, 1e6), st.floats(0, 1e3), st.floats(0, 1e6))
def test_once_the_grace_is_over_there_is_always_a_sigkill(now, grace, later):
    end = ending.stopped(now, grace)
    assert due(end, end.kill_at + later, signal.SIGTERM) == signal.SIGKILL
