import pytest

from tests.models.linked import end, row, spec, states
from tests.models.test_claiming import claim
from tests.people import TESTS
from webapp.clock import now
from webapp.models.job_moves import stop_job
from webapp.models.one_job import JobRefused, restart_job, resume_job
from webapp.models.transaction import writing


def stop(job):
    with writing():
        stop_job(TESTS, row(job), now(), abort=False)


def refusal(verb, job):
    with writing(), pytest.raises(JobRefused) as caught:
        verb(TESTS, row(job), now())
    return str(caught.value)


def test_a_stopped_job_is_queued_again(submit):
    run = submit(spec("alone"))
    stop(run.jobs[0])
    with writing():
        resume_job(TESTS, row(run.jobs[0]), now())
    assert states(run) == [("submitted", 0)]


def test_a_job_that_needs_others_waits_for_them_again(chain, box):
    """Stopped while what it needs goes on."""
    run = chain
    stop(run.jobs[2])
    with writing():
        resume_job(TESTS, row(run.jobs[2]), now())
    assert states(run) == [("submitted", 0), ("submitted", 1), ("submitted", 1)]


@pytest.mark.parametrize("exit_code", [None, 0])
def test_what_is_not_stopped_is_not_resumed(submit, box, exit_code):
    (job,) = submit(spec("alone")).jobs
    claim(box)
    if exit_code is not None:
        end(job)
    assert refusal(resume_job, job) == "job is not stopped"


def test_a_job_that_others_need_goes_only_with_them(chain, box):
    claim(box)
    end(chain.jobs[0], exit_code=1)
    assert refusal(resume_job, chain.jobs[0]) == "other jobs depend on it"
    assert refusal(restart_job, chain.jobs[0]) == "other jobs depend on it"


def test_a_job_is_not_queued_for_what_failed(chain, box):
    claim(box)
    end(chain.jobs[0])
    claim(box)
    end(chain.jobs[1], exit_code=1)
    sentence = "train failed: exit code 1, and this job needs it: resume the run"
    assert refusal(resume_job, chain.jobs[2]) == sentence


def test_restarting_runs_what_is_done_again_and_clears_it(chain, box):
    for job in chain.jobs:
        claim(box)
        end(job)
    cleared = []
    with writing():
        restart_job(TESTS, row(chain.jobs[2]), now(), cleared.append)
    assert states(chain) == [("done", 0), ("done", 0), ("submitted", 0)]
    assert cleared == [chain.jobs[2]]


def test_what_is_not_finished_is_not_restarted(chain):
    assert refusal(restart_job, chain.jobs[2]) == "job is not finished: stop it first"
