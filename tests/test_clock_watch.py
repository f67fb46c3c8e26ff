"""The clock of the computer is set while the server runs."""

import threading
from dataclasses import dataclass, field

import pytest

from tests.waiting import eventually
from webapp.clock_watch import ClockWatch
from webapp.scheduler import Entry, Scheduler

HOUR = 3600


@dataclass
class Clocks:
    """The one on the wall, which may be set, and the steady one."""

    steady: float = 1000
    ahead: float = 1_764_000_000
    heard: list[float] = field(default_factory=list)

    def watch(self) -> ClockWatch:
        return ClockWatch(
            self.heard.append, wall=lambda: self.steady + self.ahead, steady=lambda: self.steady
        )


@pytest.mark.parametrize("by", [HOUR, -HOUR, 3, -3])
def test_it_tells_once_by_how_much_the_clock_was_set(by):
    clocks = Clocks()
    watch = clocks.watch()
    clocks.ahead += by
    clocks.steady += 1
    watch.look()
    watch.look()
    assert clocks.heard == [pytest.approx(by)]


def test_time_that_passes_and_small_corrections_are_nothing_to_tell():
    clocks = Clocks()
    watch = clocks.watch()
    for _ in range(10):
        clocks.steady += 100
        clocks.ahead -= 0.5
        watch.look()
    assert clocks.heard == []


def test_what_failed_is_tried_again_at_the_next_look():
    clocks, calls = Clocks(), []

    def fails_once(by):
        calls.append(by)
        if len(calls) == 1:
            raise OSError("the database is away")

    watch = ClockWatch(fails_once, lambda: clocks.steady + clocks.ahead, lambda: clocks.steady)
    clocks.ahead += HOUR
    with pytest.raises(OSError, match="away"):
        watch.look()
    watch.look()
    watch.look()
    assert len(calls) == 2


def test_several_that_look_at_once_act_once():
    clocks, calls, goes_on = Clocks(), [], threading.Event()

    def slow(by):
        calls.append(by)
        assert goes_on.wait(10)

    watch = ClockWatch(slow, lambda: clocks.steady + clocks.ahead, lambda: clocks.steady)
    clocks.ahead += HOUR
    threads = [threading.Thread(target=watch.look) for _ in range(4)]
    for each in threads:
        each.start()
    eventually(lambda: calls, 5)
    goes_on.set()
    for each in threads:
        each.join(10)
    assert len(calls) == 1


def test_after_the_clock_was_set_back_every_task_goes_on_at_once(app):
    """To APScheduler a clock that is an hour behind is the same as moments an hour ahead."""
    calls, scheduler = [], Scheduler(app)
    scheduler._table = [Entry(calls.append, HOUR, local=True)]
    scheduler.start()
    try:
        assert calls == []
        scheduler._clock_was_set(-HOUR)
        eventually(lambda: calls, 5, "the task")
        eventually(lambda: scheduler.leadership.is_ours, 5, "the lease")
    finally:
        scheduler.stop()
