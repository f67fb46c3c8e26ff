import pytest

from webapp.engine.outcomes import Ended, after_attempt, describe
from webapp.engine.states import Job

OK, BAD = Ended("exited", 0), Ended("exited", 3)
LOST, BACK = Ended("lost", reason="box was not heard for 30 s"), Ended("returned")


@pytest.mark.parametrize(
    ("status", "retries", "ended", "becomes", "left"),
    [
        (Job.RUNNING, 0, OK, Job.DONE, 0),
        (Job.RUNNING, 2, OK, Job.DONE, 2),
        (Job.RUNNING, 0, BAD, Job.FAILED, 0),
        (Job.RUNNING, 2, BAD, Job.SUBMITTED, 1),
        (Job.RUNNING, 1, LOST, Job.SUBMITTED, 0),
        (Job.RUNNING, 0, LOST, Job.FAILED, 0),
        (Job.RUNNING, 0, BACK, Job.SUBMITTED, 0),
        (Job.RUNNING, 1, BACK, Job.SUBMITTED, 1),
        (Job.RUNNING, 1, Ended("timeout"), Job.SUBMITTED, 0),
        (Job.RUNNING, 0, Ended("signalled", signal=9), Job.FAILED, 0),
        (Job.STOPPING, 3, Ended("stopped"), Job.STOPPED, 3),
        (Job.STOPPING, 3, OK, Job.DONE, 3),
        (Job.STOPPING, 3, BAD, Job.FAILED, 3),
        (Job.STOPPING, 3, LOST, Job.STOPPED, 3),
        (Job.STOPPING, 3, BACK, Job.STOPPED, 3),
        (Job.ABORTING, 3, Ended("aborted"), Job.ABORTED, 3),
        (Job.ABORTING, 3, OK, Job.ABORTED, 3),
        (Job.ABORTING, 3, BACK, Job.ABORTED, 3),
        (Job.ABORTING, 3, LOST, Job.ABORTED, 3),
    ],
)
def test_what_becomes_of_a_job(status, retries, ended, becomes, left):
    following = after_attempt(status, 1, retries, ended)
    assert (following.status, following.retries_left) == (becomes, left)


@pytest.mark.parametrize(
    ("retries", "why"),
    [
        (1, "Attempt 4 ended: exit code 3; no retries left."),
        (2, "Attempt 4 ended: exit code 3; 1 retry left."),
        (3, "Attempt 4 ended: exit code 3; 2 retries left."),
    ],
)
def test_a_job_that_waits_again_says_why(retries, why):
    assert after_attempt(Job.RUNNING, 4, retries, BAD).why == why


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (OK, "exit code 0"),
        (Ended("exited", 3, reason="whatever"), "exit code 3"),
        (Ended("signalled", signal=9), "killed by signal 9"),
        (Ended("timeout"), "it ran longer than its timeout"),
        (LOST, "box was not heard for 30 s"),
        (Ended("failed", reason="No such image: x."), "No such image: x"),
        (Ended("something new"), "something new"),
    ],
)
def test_an_end_in_words(ended, words):
    assert describe(ended) == words
