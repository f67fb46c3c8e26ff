import pytest

from webapp.engine.ordering import Cycle, ordered


def order(graph, *names):
    done = {}
    for name in names:
        ordered(name, lambda one: graph.get(one, ""), done)
    return "".join(done)


@pytest.mark.parametrize(
    ("graph", "first", "expected"),
    [
        ({}, "a", "a"),
        ({"a": "b"}, "a", "ba"),
        ({"a": "bc"}, "a", "bca"),
        ({"a": "b", "b": "c"}, "a", "cba"),
        ({"a": "bc", "b": "d", "c": "d"}, "a", "dbca"),
        ({"a": "bc", "b": "c"}, "a", "cba"),
        ({"a": "b", "x": "y"}, "a", "ba"),
    ],
)
def test_what_is_needed_comes_before_what_needs_it_and_once(graph, first, expected):
    assert order(graph, first) == expected


def test_what_was_ordered_before_is_not_ordered_again():
    assert order({"a": "c", "b": "c"}, "a", "b") == "cab"


@pytest.mark.parametrize(
    ("graph", "circle"),
    [({"a": "a"}, "aa"), ({"a": "b", "b": "a"}, "aba"), ({"a": "b", "b": "c", "c": "b"}, "bcb")],
)
def test_a_circle_is_told_from_its_first_to_its_first(graph, circle):
    with pytest.raises(Cycle) as caught:
        order(graph, "a")
    assert "".join(caught.value.names) == circle
