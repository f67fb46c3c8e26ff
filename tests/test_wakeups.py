import math
import threading
from collections import Counter

import pytest

from tests.waiting import eventually
from webapp.engine.resources import Ask, Have
from webapp.wakeups import Wakeups

BOX = Have(cpu_milli=2000, memory_mib=1000)


@pytest.fixture
def wakeups():
    return Wakeups()


@pytest.fixture
def waiting(wakeups):
    """Let runners wait; answers their tickets by name."""

    def call(**rooms):
        tickets = {}
        for name, room in rooms.items():
            tickets[name] = wakeups.begin_poll(name, math.inf)
            tickets[name].left = room
        return tickets

    return call


def awake(tickets):
    return [name for name, ticket in tickets.items() if ticket.bell.is_set()]


@pytest.mark.parametrize(
    ("ask", "count", "woken"),
    [
        (Ask(), 1, 1),
        (Ask(), 2, 1),
        (Ask(), 3, 2),
        (Ask(), 100, 3),
        (Ask(cpu_milli=2000), 2, 2),
        (Ask(cpu_milli=5000), 2, 0),
        (Ask(), 0, 0),
    ],
)
def test_as_many_wake_as_there_is_work_for(wakeups, waiting, ask, count, woken):
    tickets = waiting(a=BOX, b=BOX, c=BOX)
    wakeups.wake_for(Counter({ask: count}))
    assert len(awake(tickets)) == woken


def test_a_runner_that_has_room_again_looks_for_more_unless_it_wants_none(wakeups, waiting):
    tickets = waiting(a=BOX, b=None, c=BOX)
    for name in ("a", "b", "nobody"):
        wakeups.wake_for_room(name)
    assert awake(tickets) == ["a"]


def test_those_that_are_paid_for_wake_first(wakeups, waiting):
    tickets = waiting(cloud=BOX, own=BOX)
    tickets["cloud"].self_hosted = False
    wakeups.wake_for(Counter({Ask(): 1}))
    assert awake(tickets) == ["own"]


def test_one_that_is_awake_already_is_not_counted_on(wakeups, waiting):
    tickets = waiting(a=BOX, b=BOX)
    tickets["a"].bell.set()
    wakeups.wake_for(Counter({Ask(): 1}))
    assert awake(tickets) == ["a", "b"]


def test_one_that_takes_no_jobs_is_woken_for_orders_only(wakeups, waiting):
    tickets = waiting(a=None)
    wakeups.wake_for(Counter({Ask(): 1}))
    assert awake(tickets) == []
    wakeups.wake_runner("a")
    wakeups.wake_runner("unknown")
    assert awake(tickets) == ["a"]


def test_a_newer_poll_ends_the_older_one(wakeups):
    older, newer = wakeups.begin_poll("a", math.inf), wakeups.begin_poll("a", math.inf)
    assert older.is_over
    assert older.bell.is_set()
    assert not newer.is_over
    newer.leave()
    wakeups.begin_poll("a", math.inf)
    assert not newer.is_over, "it had left before"


def test_an_older_poll_that_ends_leaves_the_newer_one(wakeups):
    older, newer = wakeups.begin_poll("a", math.inf), wakeups.begin_poll("a", math.inf)
    older.leave()
    wakeups.wake_runner("a")
    assert newer.bell.is_set()


def test_someone_waits_only_while_somebody_could_take_a_job(wakeups, waiting):
    assert not wakeups.someone_waits()
    tickets = waiting(a=BOX)
    assert wakeups.someone_waits()
    tickets["a"].bell.set()
    assert not wakeups.someone_waits()


def test_readers_wake_at_their_word(wakeups):
    with wakeups.reader("log:1") as one, wakeups.reader("log:2") as other:
        wakeups.wake_readers("log:1")
        assert (one.is_set(), other.is_set()) == (True, False)
    wakeups.wake_readers("log:1")


def test_everybody_wakes_when_the_server_stops(wakeups, waiting):
    tickets = waiting(a=BOX, b=None)
    with wakeups.reader("log:1") as reader:
        wakeups.close()
        assert awake(tickets) == ["a", "b"]
        assert [each.is_over for each in tickets.values()] == [True, True]
        assert reader.is_set()


def test_a_poll_that_ends_while_it_is_woken_waits_no_longer(wakeups, waiting):
    ticket = waiting(a=BOX)["a"]
    wakeups.wake_for(Counter({Ask(): 1}))
    wakeups.close()
    ticket.look()
    assert ticket.bell.is_set()


def test_nobody_begins_to_wait_when_the_server_stops(wakeups, waiting):
    wakeups.close()
    assert waiting(a=BOX)["a"].is_over
    with wakeups.reader("log:1") as reader:
        assert reader.is_set()


def test_a_thread_that_waits_wakes(wakeups, waiting):
    ticket = waiting(a=BOX)["a"]
    woken = []
    thread = threading.Thread(target=lambda: woken.append(ticket.bell.wait(10)))
    thread.start()
    wakeups.wake_for(Counter({Ask(): 1}))
    assert eventually(lambda: woken) == [True]
    thread.join(timeout=10)


def test_no_more_runners_go_for_jobs_than_there_are_jobs(wakeups, waiting):
    tickets = waiting(a=BOX, b=BOX, c=BOX)
    wakeups.wake_for(Counter({Ask(): 1}))
    assert not wakeups.may_claim(tickets["b"], 1), "a is on its way to the only one"
    assert wakeups.may_claim(tickets["b"], 2)
    wakeups.has_looked(tickets["a"])
    assert wakeups.may_claim(tickets["c"], 2)
    assert not wakeups.may_claim(tickets["a"], 2)


def test_a_runner_whose_poll_ended_is_on_its_way_to_no_job(wakeups):
    ticket = wakeups.begin_poll("a", math.inf)
    assert wakeups.may_claim(ticket, 1)
    ticket.leave()
    assert wakeups.may_claim(wakeups.begin_poll("b", math.inf), 1)
