"""The threads that answer requests."""

import threading

import pytest

from tests.waiting import eventually
from webapp.crew import Crew

LONG = 60


class Task:
    """A request: `done` when it was served, by which `thread`; waits for `go_on` in it."""

    def __init__(self, waits=False, fails=False):
        self.begun, self.done, self.go_on = threading.Event(), threading.Event(), threading.Event()
        self.cancelled, self.fails, self.thread = False, fails, None
        if not waits:
            self.go_on.set()

    def service(self):
        self.thread = threading.get_ident()
        self.begun.set()
        self.go_on.wait(LONG)
        self.done.set()
        if self.fails:
            raise RuntimeError("on purpose")

    def cancel(self):
        self.cancelled = True


@pytest.fixture
def crew():
    made = Crew(2)
    yield made
    made.shutdown(timeout=LONG)


def served(crew, task):
    crew.add_task(task)
    assert task.done.wait(LONG)
    eventually(lambda: crew._idle, what="its thread is idle again")
    return task.thread


def test_one_after_the_other_needs_one_thread(crew):
    assert len({served(crew, Task()) for _ in range(5)}) == 1


def test_who_was_busy_last_goes_first(crew):
    first, second = Task(waits=True), Task(waits=True)
    for task in (first, second):
        crew.add_task(task)
        assert task.begun.wait(LONG)
    first.go_on.set()
    eventually(lambda: len(crew._idle) == 1, what="the first is idle")
    second.go_on.set()
    eventually(lambda: len(crew._idle) == 2, what="both are idle")
    assert served(crew, Task()) == second.thread


def test_who_comes_while_all_are_busy_waits_and_is_served_in_order(crew, caplog):
    busy = [Task(waits=True), Task(waits=True)]
    late = [Task(), Task()]
    for task in (*busy, *late):
        crew.add_task(task)
    assert not any(task.begun.is_set() for task in late)
    busy[0].go_on.set()
    assert all(task.done.wait(LONG) for task in late)
    assert {task.thread for task in late} == {busy[0].thread}
    said = [record.message for record in caplog.records]
    assert said == ["all 2 threads are busy: requests wait (THREADS)"], "once, not for each"
    busy[1].go_on.set()


def test_a_request_that_fails_costs_no_thread(crew, caplog):
    broken = Task(fails=True)
    assert served(crew, broken) == served(crew, Task())
    assert "a request was not answered" in caplog.text


def test_at_the_end_what_runs_is_finished_and_what_waits_is_cancelled():
    crew = Crew(1)
    runs, waits = Task(waits=True), Task()
    crew.add_task(runs)
    assert runs.begun.wait(LONG)
    crew.add_task(waits)
    ender = threading.Thread(target=crew.shutdown, kwargs={"timeout": LONG})
    ender.start()
    eventually(lambda: crew._over, what="it is told to end")
    runs.go_on.set()
    ender.join(LONG)
    assert (runs.done.is_set(), waits.cancelled, waits.begun.is_set()) == (True, True, False)


def test_at_the_end_idle_threads_end(crew):
    served(crew, Task())
    assert crew.shutdown(timeout=LONG) is False
    assert crew._hands == 0
