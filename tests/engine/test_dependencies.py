import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.engine.dependencies import (
    Node,
    how_it_ended,
    queued_again,
    settle,
    why_blocked,
    why_not_alone,
)
from webapp.engine.states import FINISHED_JOB, Job

S, R, ST, SD, AT, AD, F, D = Job
UNSUCCESSFUL = FINISHED_JOB - {D}


def job(id, status=S, needs="", blocked_by=None, **more):
    """A job; by default the books say of it that nothing it needs is done."""
    number = len(needs) if blocked_by is None else blocked_by
    return Node(id, f"job-{id}", status, tuple(needs), number, **more)


@pytest.mark.parametrize(
    ("jobs", "free", "blocked", "doomed"),
    [
        ([job("a"), job("b", needs="a")], [], {}, {}),
        ([job("a", R), job("b", needs="a")], [], {}, {}),
        ([job("a", D), job("b", needs="a")], ["b"], {}, {}),
        ([job("a", D), job("b", needs="a", blocked_by=0)], [], {}, {}),
        ([job("a", D), job("b", needs="a"), job("c", needs="a")], ["b", "c"], {}, {}),
        ([job("a", D), job("b", R), job("c", needs="ab")], [], {"c": 1}, {}),
        ([job("a", D), job("b", R), job("c", needs="ab", blocked_by=1)], [], {}, {}),
        ([job("a", D), job("b", D), job("c", needs="ab")], ["c"], {}, {}),
        ([job("a", D), job("b", needs="a"), job("c", needs="b")], ["b"], {}, {}),
        ([job("a", F, reason="exit code 1"), job("b", needs="a")], [], {}, {"b": "exit code 1"}),
        ([job("a", F), job("b", needs="a"), job("c", needs="b")], [], {}, {"b": "", "c": ""}),
        ([job("a", SD), job("b", needs="a")], [], {}, {"b": ""}),
        ([job("a", AD), job("b", needs="a")], [], {}, {"b": ""}),
        ([job("a", ST), job("b", needs="a")], [], {}, {}),
        ([job("a", AT), job("b", needs="a")], [], {}, {}),
        ([job("a", F), job("b", R), job("c", needs="ab")], [], {}, {"c": ""}),
        ([job("a", F), job("b"), job("c", needs="b")], [], {}, {}),
        # What runs already, or is over, is nobody's to stop here.
        ([job("a", F), job("b", R, "a"), job("c", D, "a"), job("d", needs="b")], [], {}, {}),
        ([job("b", needs="z")], [], {}, {"b": ""}),
    ],
)
def test_what_follows_from_the_statuses(jobs, free, blocked, doomed):
    result = settle(jobs)
    assert (result.free, result.blocked) == (free, blocked)
    assert list(result.doomed) == list(doomed)
    assert all(why in result.doomed[id] for id, why in doomed.items())


def test_each_of_those_that_cannot_begin_is_told_what_failed_in_the_first_place():
    chain = [job("a", F, reason="exit code 1"), job("b", needs="a"), job("c", needs="b")]
    assert set(settle(chain).doomed.values()) == {"job-a failed: exit code 1"}


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (job("a", F, reason="exit code 3"), "job-a failed: exit code 3"),
        (job("a", F), "job-a failed"),
        (job("a", SD, reason="stop asked by max"), "job-a was stopped: stop asked by max"),
        (job("a", AD, reason="No disk."), "job-a was aborted: No disk"),
    ],
)
def test_how_a_job_ended_in_words(ended, words):
    assert how_it_ended(ended) == words


@pytest.mark.parametrize(
    ("number", "needs", "sentence"),
    [
        (1, [job("a", R, runner="box-1")], "Waits for job-a (running on box-1)."),
        (1, [job("a", R)], "Waits for job-a (running)."),
        (1, [job("a", S)], "Waits for job-a (waiting)."),
        (1, [job("a", ST), job("b", D)], "Waits for job-a (stopping)."),
        (2, [job("a", S), job("b", R)], "Waits for 2 jobs: job-a (waiting), job-b (running)."),
        (
            5,
            [job(id, S) for id in "abcde"],
            "Waits for 5 jobs: job-a (waiting), job-b (waiting), job-c (waiting) and 2 more.",
        ),
        (1, [], "Waits for 1 job."),
        (7, [], "Waits for 7 jobs."),
        (2, [job("a", S)], "Waits for 2 jobs: job-a (waiting) and 1 more."),
    ],
)
def test_the_sentence_of_a_job_that_waits_for_others(number, needs, sentence):
    assert why_blocked(number, needs) == sentence


@pytest.mark.parametrize(
    ("again", "blocked"),
    [
        ("abc", {"a": 0, "b": 1, "c": 2}),
        ("bc", {"b": 0, "c": 1}),
        ("c", {"c": 1}),  # b failed and stays so
        ("", {}),
    ],
)
def test_what_is_queued_again_waits_for_what_is_not_done(again, blocked):
    run = [job("a", D), job("b", F, "a"), job("c", SD, "ab")]
    assert queued_again(run, again) == blocked


@pytest.mark.parametrize(
    ("jobs", "why"),
    [
        ([job("a", SD)], None),
        ([job("x", F), job("a", SD)], None),
        ([job("a", SD), job("x", SD, "a")], "other jobs depend on it"),
        ([job("a", D), job("x", D, "a")], "other jobs depend on it"),
        ([job("x", D), job("a", SD, "x")], None),
        ([job("x", R), job("a", SD, "x")], None),
        ([job("x", S), job("a", SD, "x")], None),
        ([job("x", F), job("a", SD, "x")], "job-x failed, and this job needs it: resume the run"),
    ],
)
def test_which_job_can_be_queued_again_by_itself(jobs, why):
    assert why_not_alone("a", jobs) == why


@st.composite
def runs(draw, statuses=tuple(Job)):
    """Jobs in which each needs only earlier ones, with any statuses and any count in the books."""
    nodes = []
    for number in range(draw(st.integers(1, 12))):
        needs = draw(st.sets(st.integers(0, number - 1), max_size=4)) if number else set()
        ids = tuple(map(str, sorted(needs)))
        status = draw(st.sampled_from(statuses))
        nodes.append(Node(str(number), f"n{number}", status, ids, draw(st.integers(0, 5))))
    return nodes


def above(run, id):
    """Ids of everything that this job needs, at any distance."""
    needs = {each.id: each.needs for each in run}
    found, look = set(), list(needs[id])
    while look:
        one = look.pop()
        found.add(one)
        look += needs[one]
    return found


@settings(max_examples=60, deadline=None)
@given(runs())
def test_a_job_is_freed_only_when_everything_that_it_needs_is_done(run):
    status = {each.id: each.status for each in run}
    result = settle(run)
    for each in run:
        done = all(status[need] == D for need in each.needs)
        if each.id in result.free:
            assert each.status == S and done
        if each.id in result.blocked:
            open_ = sum(status[need] != D for need in each.needs)
            assert each.status == S and result.blocked[each.id] == open_ > 0


@settings(max_examples=60, deadline=None)
@given(runs(statuses=(S, D, F, SD, AD)))
def test_exactly_what_can_never_begin_is_stopped(run):
    """With nothing running, a submitted job is doomed when something bad is above it by a way of
    submitted jobs; what is done on the way was done before."""
    status = {each.id: each.status for each in run}
    needs = {each.id: each.needs for each in run}

    def can_begin(id):
        return all(status[n] == D or (status[n] == S and can_begin(n)) for n in needs[id])

    doomed = {each.id for each in run if each.status == S and not can_begin(each.id)}
    assert set(settle(run).doomed) == doomed


def as_told(run, result):
    """The run after the books were put right."""
    moved = []
    for each in run:
        number = 0 if each.id in result.free else result.blocked.get(each.id, each.blocked_by)
        status = SD if each.id in result.doomed else each.status
        moved.append(Node(each.id, each.name, status, each.needs, number))
    return moved


@settings(max_examples=60, deadline=None)
@given(runs())
def test_saying_it_twice_changes_nothing_more(run):
    after = as_told(run, settle(run))
    again = settle(after)
    assert (again.free, again.blocked, again.doomed) == ([], {}, {})


@settings(max_examples=60, deadline=None)
@given(runs(statuses=(S,)), st.randoms(use_true_random=False), st.sampled_from((0, 0, 0, 0.3)))
def test_every_run_comes_to_an_end_with_no_job_left_waiting(run, chance, failing):
    """Play it: any free job may run next and may fail. What begins has all that it needs; in the
    end all are over, and done are exactly those that have nothing unsuccessful above them."""
    ids = [each.id for each in run]
    blocked = queued_again(run, ids)
    run = [Node(e.id, e.name, S, e.needs, blocked[e.id]) for e in run]
    while waiting := [each for each in run if each.status == S]:
        free = [each for each in waiting if each.blocked_by == 0]
        assert free, "stuck"
        chosen = chance.choice(free)
        done = {each.id for each in run if each.status == D}
        assert set(chosen.needs) <= done
        ended = F if chance.random() < failing else D
        run = [
            Node(e.id, e.name, ended if e is chosen else e.status, e.needs, e.blocked_by)
            for e in run
        ]
        run = as_told(run, settle(run))
    bad = {each.id for each in run if each.status in UNSUCCESSFUL}
    for each in run:
        assert (each.status == SD) == (each.status != F and bool(above(run, each.id) & bad))
