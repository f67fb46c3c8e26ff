"""How long to wait after which error."""

import pytest

from webapp.engine.backoff import next_try, terminate_again, trips, wait_seconds

KINDS = [
    "capacity",
    "quota",
    "permission",
    "throttling",
    "bad_request",
    "gone",
    "unknown",
    "silence",
]


@pytest.mark.parametrize("kind", KINDS)
def test_each_wait_is_twice_the_one_before_up_to_a_longest(kind):
    waits = [wait_seconds(kind, n) for n in range(1, 40)]
    assert waits == sorted(waits)
    assert waits[1] == waits[0] * 2
    assert waits[-1] == waits[-2]


def test_a_class_of_error_has_its_own_pace():
    assert wait_seconds("throttling", 1) < wait_seconds("capacity", 1) < wait_seconds("quota", 1)


def test_the_next_try_is_a_moment():
    assert next_try("capacity", 1, 1000) == 181_000


def test_a_terminate_is_repeated_for_ever_at_least_every_two_minutes():
    assert terminate_again(0, 0) == 1000
    assert terminate_again(10**6, 0) == 120_000


def test_three_failed_boots_in_a_row_trip_a_limit():
    assert [trips(n) for n in range(5)] == [False, False, False, True, True]
