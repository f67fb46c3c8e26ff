from itertools import product

import pytest

from webapp.engine.states import (
    FINISHED_JOB,
    INSTANCE_MOVES,
    JOB_MOVES,
    RUNNER_MOVES,
    Actor,
    ForbiddenMove,
    Instance,
    Job,
    Runner,
    check_move,
    run_status,
)

TABLES = [(JOB_MOVES, Job), (RUNNER_MOVES, Runner), (INSTANCE_MOVES, Instance)]
S, R, ST, SD, AT, AD, F, D = Job


@pytest.mark.parametrize(
    ("jobs", "status"),
    [
        ([S], S),
        ([S, S], S),
        ([R, S], R),
        ([D, S], R),
        ([F, S], R),
        ([D, D], D),
        ([D, F], F),
        ([SD, D], SD),
        ([AD, SD, D], AD),
        ([F, AD, SD], F),
        ([ST, R], ST),
        ([AT, ST, R], AT),
        ([AT, D], AT),
        ([], D),
    ],
)
def test_the_status_of_a_run_follows_its_jobs(jobs, status):
    assert run_status(jobs) == status
    assert run_status(reversed(jobs)) == status


def test_a_run_is_finished_exactly_when_all_its_jobs_are():
    for jobs in product(Job, repeat=3):
        over = all(job in FINISHED_JOB for job in jobs)
        assert (run_status(jobs) in FINISHED_JOB) is over, jobs


@pytest.mark.parametrize(("moves", "states"), TABLES)
def test_what_no_rule_allows_is_forbidden(moves, states):
    for old, new, who in product(states, states, Actor):
        if who in moves.get((old, new), ()):
            check_move(moves, old, new, who)
        else:
            with pytest.raises(ForbiddenMove):
                check_move(moves, old, new, who)


@pytest.mark.parametrize(("moves", "states"), TABLES)
def test_every_status_can_be_reached_and_none_moves_to_itself(moves, states):
    first = {Job: Job.SUBMITTED, Runner: Runner.REQUESTED, Instance: Instance.PENDING}[states]
    reached, fresh = {first}, {first}
    while fresh:
        fresh = {new for old, new in moves if old in fresh} - reached
        reached |= fresh
    assert reached == set(states)
    assert all(old != new for old, new in moves)


@pytest.mark.parametrize(("moves", "states"), TABLES)
def test_there_is_a_way_out_of_every_state_in_between(moves, states):
    last = {Job: FINISHED_JOB, Runner: {Runner.GONE}, Instance: {Instance.TERMINATED}}[states]
    leads = set(last)
    while more := {old for old, new in moves if new in leads} - leads:
        leads |= more
    assert leads == set(states)


def test_what_is_gone_or_terminated_stays_so():
    assert all(old != Runner.GONE for old, _ in RUNNER_MOVES)
    assert all(old != Instance.TERMINATED for old, _ in INSTANCE_MOVES)


def test_only_the_scheduler_says_that_a_machine_is_terminated():
    for (_, new), who in INSTANCE_MOVES.items():
        if new == Instance.TERMINATED:
            assert who == {Actor.SCHEDULER}


def test_only_a_person_asks_for_the_end_of_a_job_or_queues_a_finished_one_again():
    asked = {Job.STOPPING, Job.ABORTING}
    for (old, new), who in JOB_MOVES.items():
        if new in asked or old in FINISHED_JOB:
            assert who == {Actor.PERSON}, (old, new)


def test_only_a_runner_begins_a_job_or_says_that_it_is_done():
    for (old, new), who in JOB_MOVES.items():
        if new in {Job.RUNNING, Job.DONE}:
            assert who == {Actor.RUNNER}, (old, new)
