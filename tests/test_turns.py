import pytest

from webapp.turns import AT_MOST_EVERY, Turns


@pytest.fixture
def turns():
    return Turns()


def test_it_begins_at_once(turns):
    assert turns.want("tick") == 0


def test_a_burst_is_two_looks(turns):
    assert turns.want("tick") == 0
    assert turns.want("tick") == pytest.approx(AT_MOST_EVERY, abs=0.1)
    assert [turns.want("tick") for _ in range(100)] == [None] * 100


def test_each_task_has_turns_of_its_own(turns):
    turns.want("tick")
    assert turns.want("observe") == 0


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
    assert turns.want("tick") > 100
