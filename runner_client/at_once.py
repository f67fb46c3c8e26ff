"""Asking several things of the machine at once: each of them waits for another program."""

from __future__ import annotations

import threading
from typing import Any, Callable


def at_once(*questions: Callable[[], Any]) -> list:
    """The answers in order. No question may raise."""
    answers: list = [None] * len(questions)

    def ask(index: int) -> None:
        answers[index] = questions[index]()

    threads = [threading.Thread(target=ask, args=(index,)) for index in range(len(questions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
