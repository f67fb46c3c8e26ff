import time

import pytest

from webapp.turns import AT_MOST_EVERY, Turns


@pytest.fixture
def turns():
    return Turns()


def test_it_begins_at_once(turns):
    before = time.time()
    assert before <= turns.want("tick") <= time.time()


def test_a_burst_is_two_looks(turns):
    first = turns.want("tick")
    second = turns.want("tick")
    assert second == pytest.approx(first + AT_MOST_EVERY)
    assert [turns.want("tick") for _ in range(100)] == [None] * 100


def test_each_task_has_turns_of_its_own(turns):
    turns.want("tick")
    assert turns.want("observe") <= time.time()


def test_what_is_wanted_while_it_runs_is_done_once_more(turns):
    turns.begin("tick")
    assert (turns.want("tick"), turns.want("tick")) == (None, None)
    assert 0 <= turns.end("tick", 1) <= AT_MOST_EVERY
    turns.begin("tick")
    assert turns.end("tick", 1) is None


def test_what_nobody_wants_is_over_at_its_end(turns):
    turns.begin("tick")
    assert turns.end("tick", 1) is None
    assert turns.want("tick") is not None


def test_what_takes_long_leaves_most_of_the_time_to_others(turns):
    turns.begin("tick")
    turns._begins_at["tick"] -= 30  # it began half a minute ago
    assert turns.want("tick") is None
    assert turns.end("tick", 1) is None, "it runs by itself before its share comes round again"
    assert turns.want("tick") - time.time() > 100
