"""Waiting in tests: for a condition, with a deadline, never for a length of time."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(condition: Callable[[], T], seconds: float = 60, what: str = "") -> T:
    """The first true answer of `condition`; fails after `seconds`, saying what was awaited."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what or condition}; last: {answer!r}")
        pause.wait(0.02)


def pause(seconds: float) -> None:
    """Let so much time pass; only for storms, which are about time and prove nothing by it."""
    threading.Event().wait(seconds)
