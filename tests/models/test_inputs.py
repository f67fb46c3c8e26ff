"""Artifacts of tagged runs as inputs of a job, and what is kept for them."""

import pytest
from sqlalchemy import func, select

from tests.models.linked import end
from tests.models.test_claiming import claim
from tests.people import TESTS
from webapp.clock import now
from webapp.engine.jobs import JobSpec, TaggedInput
from webapp.engine.tags import UnknownTag
from webapp.extensions import db
from webapp.models.job import Job
from webapp.models.one_job import JobRefused, resume_job
from webapp.models.run import Run, run_named
from webapp.models.run_moves import (
    RunRefused,
    prunable,
    prune_runs,
    restart_run,
    resume_run,
    stop_run,
    tag_run,
    untag_run,
)
from webapp.models.transaction import writing

PREPARE = JobSpec("true", "prepare", artifacts=("data",))
TRAIN = JobSpec("true", "train", tagged_inputs=(TaggedInput("prepare", "latest"),))


@pytest.fixture
def prepared(submit, add_runner):
    """A done run of `prepare` with size=3, tagged latest; its job."""
    run = submit(PREPARE, workflow_name="prepare", variables={"size": "3"})
    claim(add_runner())
    end(run.jobs[0])
    with writing():
        tag_run(TESTS, run_named(run.name), "latest", now())
    return run


def untag(name):
    with writing():
        untag_run(TESTS, run_named(name), now())


def test_the_done_job_of_the_tagged_run_becomes_an_input(prepared, submit):
    (job,) = submit(TRAIN, variables={"size": "3", "epochs": "10"}).jobs
    row = db.session.get(Job, job)
    assert (row.input_jobs, row.depends_on, row.blocked_by) == (prepared.jobs, [], 0)


def test_it_comes_beside_what_is_made_in_the_same_run(prepared, submit):
    train = JobSpec("true", "train", depends_on=(0,), tagged_inputs=TRAIN.tagged_inputs)
    first, second = submit(JobSpec("true", "fetch", artifacts=("raw",)), train).jobs
    row = db.session.get(Job, second)
    assert row.input_jobs == [first, *prepared.jobs]
    assert (row.depends_on, row.blocked_by) == ([first], 1)


def test_a_job_that_keeps_nothing_is_waited_for_and_no_input(submit):
    first, second = submit(JobSpec("true", "check"), JobSpec("true", depends_on=(0,))).jobs
    row = db.session.get(Job, second)
    assert (row.input_jobs, row.depends_on) == ([], [first])


@pytest.mark.parametrize(
    ("variables", "tag", "sentence"),
    [
        ({}, "newest", "prepare:newest: no run has the tag newest. Tags there are: latest."),
        ({"size": "4"}, "latest", "which ran with size=3 and not size=4."),
    ],
)
def test_nothing_exists_of_a_run_whose_input_is_unknown(prepared, submit, variables, tag, sentence):
    wrong = JobSpec("true", "train", tagged_inputs=(TaggedInput("prepare", tag),))
    with pytest.raises(UnknownTag) as caught:
        submit(JobSpec("true"), wrong, variables=variables)
    assert sentence in str(caught.value)
    for table in (Run, Job):
        assert db.session.scalar(select(func.count()).select_from(table)) == 1


def test_pruning_keeps_what_an_unfinished_run_needs(prepared, submit):
    waiting = submit(TRAIN).name
    untag(prepared.name)
    assert prunable() == []
    with writing():
        stop_run(TESTS, run_named(waiting), now())
    ids = select(Run.id).order_by(Run.id)
    assert sorted(prunable()) == list(db.session.scalars(ids))


def test_a_run_whose_inputs_were_pruned_is_not_run_again(prepared, submit):
    run = submit(TRAIN)
    with writing():
        stop_run(TESTS, run_named(run.name), now())
        tag_run(TESTS, run_named(run.name), "mine", now())
    untag(prepared.name)
    with writing():
        assert prune_runs(TESTS, now()) == (1, prepared.jobs)
    for verb in (resume_run, restart_run):
        with (
            writing(),
            pytest.raises(RunRefused, match="of 1 job that are deleted: "),
        ):
            verb(TESTS, run_named(run.name), now())
    with writing(), pytest.raises(JobRefused, match="are deleted: "):
        resume_job(TESTS, db.session.get(Job, run.jobs[0]), now())
