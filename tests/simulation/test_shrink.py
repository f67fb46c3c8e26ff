import pytest

from tests.simulation.shrink import shrink


@pytest.mark.parametrize("needed", [[3], [0, 9], [2, 3, 7], list(range(10)), []])
def test_what_is_left_is_what_is_needed(needed):
    assert shrink(range(10), lambda items: set(needed) <= set(items)) == needed


def test_it_stops_when_the_time_is_over():
    assert shrink(range(10), lambda items: False, seconds=0) == list(range(10))
