import pytest

from webapp.engine.retention import GIB, Rule, Space, due

DAY = 24 * 3600 * 1000
NOW = 100 * DAY


def run(number, age, blobs=(), logs=0, spared=False):
    return Space(number, f"run-{number}", NOW - int(age * DAY), frozenset(blobs), logs, spared)


def chosen(rule, runs, sizes=None, stored=0):
    return [(each.run_id, each.frees) for each in due(rule, runs, sizes or {}, stored, NOW)]


def test_without_a_rule_nothing_goes():
    assert not Rule().is_on
    assert chosen(Rule(), [run(1, 99, {1})], {1: 5}, 10**15) == []


@pytest.mark.parametrize(
    ("age", "goes"), [(29.999, False), (30, True), (31, True), (0, False), (-1, False)]
)
def test_by_age(age, goes):
    assert bool(chosen(Rule(days=30), [run(1, age, {1})], {1: 5})) is goes


def test_a_rule_of_no_days_takes_what_has_just_ended():
    assert chosen(Rule(days=0), [run(1, 0, {1})], {1: 5}) == [(1, 5)]


def test_tagged_and_needed_runs_are_spared():
    runs = [run(1, 90, {1}, spared=True), run(2, 90, {2})]
    assert chosen(Rule(days=1, gib=0), runs, {1: 5, 2: 6}, 11) == [(2, 6)]


def test_a_run_that_left_nothing_is_not_named():
    assert chosen(Rule(days=1), [run(1, 90), run(2, 90, logs=7)]) == []
    assert chosen(Rule(days=1, logs=True), [run(1, 90), run(2, 90, logs=7)]) == [(2, 7)]


def test_by_size_the_oldest_go_until_it_fits():
    runs = [run(1, 1, {1}), run(2, 3, {2}), run(3, 2, {3})]
    sizes = {1: GIB, 2: GIB, 3: GIB}
    assert chosen(Rule(gib=3), runs, sizes, 3 * GIB) == []
    assert chosen(Rule(gib=2), runs, sizes, 3 * GIB) == [(2, GIB)]
    assert chosen(Rule(gib=2), runs, sizes, 3 * GIB + 1) == [(2, GIB), (3, GIB)]
    assert chosen(Rule(gib=0), runs, sizes, 3 * GIB) == [(2, GIB), (3, GIB), (1, GIB)]


def test_what_goes_by_age_counts_for_the_size():
    runs = [run(1, 50, {1}), run(2, 3, {2})]
    assert chosen(Rule(days=30, gib=1), runs, {1: GIB, 2: GIB}, 2 * GIB) == [(1, GIB)]


def test_a_content_of_two_runs_is_freed_with_the_second():
    runs = [run(1, 50, {1, 2}), run(2, 40, {1})]
    assert chosen(Rule(days=30), runs, {1: 5, 2: 7}) == [(1, 7), (2, 5)]


def test_by_size_a_run_goes_only_when_that_frees_something():
    runs = [run(1, 50, {1}), run(2, 40, {1}, spared=True), run(3, 30, {3})]
    assert chosen(Rule(gib=0), runs, {1: GIB, 3: 5}, GIB + 5) == [(3, 5)]


def test_the_reason_is_a_sentence():
    (one,) = due(Rule(days=1), [run(1, 31, {1})], {1: 5}, 5, NOW)
    assert one.why == "It ended 31 days ago; the rule is 1 day."
    (two,) = due(Rule(gib=1), [run(1, 31, {1})], {1: 2 * GIB}, 2 * GIB, NOW)
    assert two.why == "2.0 GiB are stored, the rule is 1 GiB: the oldest goes first."


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule(), "nothing is deleted"),
        (Rule(days=1), "artifacts after 1 day"),
        (Rule(30, 100, True), "artifacts and logs after 30 days, or beyond 100 GiB"),
    ],
)
def test_a_rule_in_words(rule, words):
    assert rule.words == words
