"""The agenda: in time, in order, and undisturbed by a failure."""

import logging
import threading

import pytest

from aws_simulator.agenda import Agenda
from tests.waiting import eventually


def test_things_happen_in_the_order_of_their_times() -> None:
    agenda, done = Agenda(), []
    agenda.after(0.06, lambda: done.append("later"))
    agenda.after(0.0, lambda: done.append("sooner"))
    agenda.start()
    agenda.after(0.03, lambda: done.append("between"))
    eventually(lambda: len(done) == 3)
    agenda.close()
    assert done == ["sooner", "between", "later"]


def test_what_is_cancelled_does_not_happen() -> None:
    agenda, done = Agenda(), []
    agenda.after(0.0, lambda: done.append("cancelled")).cancel()
    agenda.after(0.0, lambda: done.append("kept"))
    agenda.start()
    eventually(lambda: done)
    agenda.close()
    assert done == ["kept"]


def test_a_failure_is_logged_and_the_next_thing_happens(
    caplog: pytest.LogCaptureFixture,
) -> None:
    agenda, done = Agenda(), threading.Event()

    def fail() -> None:
        raise RuntimeError("on purpose")

    with caplog.at_level(logging.ERROR):
        agenda.after(0.0, fail)
        agenda.after(0.0, done.set)
        agenda.start()
        assert done.wait(10)
        agenda.close()
    assert "on purpose" in caplog.text
