"""How many requests compute at the same time."""

import threading

import pytest

from tests.waiting import eventually
from webapp.turnstile import Turnstile, in_turn, leave_turn, standing_aside

LONG = 600


class Request(threading.Thread):
    """Takes its turn, waits inside for `go_on`, and ends."""

    def __init__(self, turnstile, inside=None):
        super().__init__(daemon=True)
        self._turnstile, self._work = turnstile, inside or (lambda: None)
        self.is_in, self.go_on = threading.Event(), threading.Event()
        self.start()

    def run(self):
        with in_turn(self._turnstile):
            self.is_in.set()
            self._work()
            self.go_on.wait(LONG)

    def end(self):
        self.go_on.set()
        self.join(LONG)


def waits(request):
    return request.is_alive() and not request.is_in.is_set()


def waiting(turnstile):
    return len(turnstile._free._waiters)


@pytest.fixture
def turnstile():
    return Turnstile(1, patience=LONG)


def test_the_next_one_comes_in_when_the_one_before_it_has_gone(turnstile):
    first = Request(turnstile)
    assert first.is_in.wait(LONG)
    second = Request(turnstile)
    eventually(lambda: waiting(turnstile) == 1, what="the second one waits")
    assert waits(second)
    first.end()
    assert second.is_in.wait(LONG)
    second.end()


def test_as_many_as_there_are_places_come_in_together():
    turnstile = Turnstile(2, patience=LONG)
    both = [Request(turnstile), Request(turnstile)]
    assert all(each.is_in.wait(LONG) for each in both)
    third = Request(turnstile)
    eventually(lambda: waiting(turnstile) == 1, what="the third one waits")
    both[0].end()
    assert third.is_in.wait(LONG)
    both[1].end()
    third.end()


def test_others_come_in_while_one_stands_aside_and_it_waits_for_its_turn_then(turnstile):
    bell, back = threading.Event(), threading.Event()

    def wait_for_a_bell():
        with standing_aside():
            bell.wait(LONG)
        back.set()

    waiter = Request(turnstile, wait_for_a_bell)
    other = Request(turnstile)
    assert other.is_in.wait(LONG)
    bell.set()
    eventually(lambda: waiting(turnstile) == 1, what="it wants to come back")
    assert not back.is_set()
    other.end()
    assert back.wait(LONG)
    waiter.end()


def test_who_left_its_turn_goes_on_without_a_place(turnstile):
    leaver = Request(turnstile, leave_turn)
    other = Request(turnstile)
    assert other.is_in.wait(LONG)
    leaver.end()
    assert not leaver.is_alive(), "it needed no place to end"
    third = Request(turnstile)
    eventually(lambda: waiting(turnstile) == 1, what="the place is still the other's")
    other.end()
    third.end()


def test_nobody_waits_for_ever_for_somebody_slow():
    turnstile = Turnstile(1, patience=0)
    slow = Request(turnstile)
    assert slow.is_in.wait(LONG)
    other = Request(turnstile)
    assert other.is_in.wait(LONG)
    slow.end()
    other.end()
    assert not turnstile._inside


def test_a_place_is_free_again_after_a_fault(turnstile):
    with pytest.raises(ZeroDivisionError), in_turn(turnstile):
        raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError), in_turn(turnstile), standing_aside():
        raise ZeroDivisionError
    assert not turnstile._inside


def test_where_nobody_takes_turns_standing_aside_takes_no_place():
    with standing_aside():
        leave_turn()
    with standing_aside(), standing_aside():
        leave_turn()
