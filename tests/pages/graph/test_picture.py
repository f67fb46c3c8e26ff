import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.pages.graph.columns import in_columns, without_detours
from webapp.pages.graph.crossings import crossings, joined, untangled
from webapp.pages.graph.picture import HEIGHT, WIDTH, picture

CHAIN = {"a": "", "b": "a", "c": "b"}
DIAMOND = {"a": "", "b": "a", "c": "a", "d": "bc"}


def column_of(needs):
    return {box: at for at, stack in enumerate(in_columns(needs).stacks) for box in stack}


@pytest.mark.parametrize(
    ("needs", "columns"),
    [
        ({}, {}),
        ({"a": ""}, {"a": 0}),
        ({"a": "", "b": ""}, {"a": 0, "b": 0}),
        (CHAIN, {"a": 0, "b": 1, "c": 2}),
        (DIAMOND, {"a": 0, "b": 1, "c": 1, "d": 2}),
        ({"d": "bc", "c": "a", "b": "a", "a": ""}, {"a": 0, "b": 1, "c": 1, "d": 2}),
        ({"a": "", "b": "a", "c": "", "d": "bc"}, {"a": 0, "b": 1, "c": 0, "d": 2}),
    ],
)
def test_a_box_is_as_far_right_as_its_longest_way(needs, columns):
    found = column_of(needs)
    assert {box: at for box, at in found.items() if isinstance(box, str)} == columns


def test_a_line_over_a_column_passes_it_at_a_spot_of_its_own():
    columns = in_columns({"a": "", "b": "a", "c": "", "d": "bc"})
    assert columns.lines == [["a", "b"], ["b", "d"], ["c", ("c", "d", 1), "d"]]


def test_a_line_that_says_nothing_new_is_not_drawn():
    assert without_detours({"a": "", "b": "a", "c": "ab"}) == {"a": [], "b": ["a"], "c": ["b"]}


def test_a_circle_is_refused():
    with pytest.raises(ValueError, match="in a circle"):
        in_columns({"a": "b", "b": "a"})


def test_lines_that_need_not_cross_do_not():
    columns = in_columns({"a": "", "b": "", "c": "", "x": "c", "y": "b", "z": "a"})
    _, right = joined(columns)
    assert crossings(columns.stacks, right) == 3
    assert crossings(untangled(columns), right) == 0


def test_a_chain_is_a_straight_line():
    drawn = picture(CHAIN)
    assert len({box.y for box in drawn.boxes}) == 1
    first, second, _ = drawn.boxes
    middle = first.y + HEIGHT // 2
    assert drawn.lines[0].startswith(f"M{first.x + WIDTH} {middle}C")
    assert drawn.lines[0].endswith(f" {second.x} {middle}")


def test_what_several_need_lies_in_the_middle_of_them():
    boxes = {box.name: box for box in picture(DIAMOND).boxes}
    assert boxes["a"].y == boxes["d"].y == (boxes["b"].y + boxes["c"].y) // 2


@st.composite
def graphs(draw):
    """Box -> boxes before it."""
    names = [f"n{number}" for number in range(draw(st.integers(1, 14)))]
    return {
        name: draw(st.lists(st.sampled_from(names[:at]), max_size=4, unique=True)) if at else []
        for at, name in enumerate(names)
    }


def above(needs, box):
    return {one for near in needs[box] for one in (near, *above(needs, near))}


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_no_box_is_on_another_and_all_are_in_the_picture(needs):
    drawn = picture(needs)
    assert sorted(box.name for box in drawn.boxes) == sorted(needs)
    for at, box in enumerate(drawn.boxes):
        assert box.x >= 0 and box.y >= 0
        assert box.x + WIDTH <= drawn.width and box.y + HEIGHT <= drawn.height
        for other in drawn.boxes[:at]:
            aside = abs(box.x - other.x) >= WIDTH
            assert aside or abs(box.y - other.y) >= HEIGHT


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_lines_go_from_left_to_right_and_say_what_needs_what(needs):
    drawn = picture(needs)
    boxes = {box.name: box for box in drawn.boxes}
    said = without_detours(needs)
    assert all(boxes[near].x < boxes[box].x for box in needs for near in needs[box])
    assert all(above(said, box) == above(needs, box) for box in needs)
    ends = []
    for line in drawn.lines:
        numbers = [int(number) for number in re.findall(r"-?\d+", line)]
        ends.append((*numbers[:2], *numbers[-2:]))
    half = HEIGHT // 2
    wanted = [
        (boxes[near].x + WIDTH, boxes[near].y + half, boxes[box].x, boxes[box].y + half)
        for box in needs
        for near in said[box]
    ]
    assert sorted(ends) == sorted(wanted)


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_untangling_never_makes_it_worse_and_loses_nothing(needs):
    columns = in_columns(needs)
    _, right = joined(columns)
    after = untangled(columns)
    assert crossings(after, right) <= crossings(columns.stacks, right)
    assert [set(stack) for stack in after] == [set(stack) for stack in columns.stacks]
