"""How many requests compute at the same time in one process.

There is one interpreter: threads that all want it take it from each other in the middle of their
work, and everybody's answer is late. With SQLite one at a time is the fastest; with a server of
databases others compute while one waits for it.

Who waits for something else than the interpreter stands aside: a bell, a program, another server.
Where that was forgotten, others wait no longer than `patience`.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask

PATIENCE_SECONDS = 1.0


class Turnstile:
    """Thread-safe; `places` at a time, in the order in which they came as far as threads do."""

    def __init__(self, places: int, patience: float = PATIENCE_SECONDS) -> None:
        self._places, self._patience = places, patience
        self._free = threading.Condition(threading.Lock())
        self._inside: dict[int, float] = {}  # thread -> since when, the longest first

    def enter(self) -> None:
        """When it is this thread's turn."""
        with self._free:
            while len(self._inside) >= self._places:
                slow, since = next(iter(self._inside.items()))
                rest = since + self._patience - time.monotonic()
                if rest <= 0:
                    del self._inside[slow]  # it goes on without a place
                    break
                self._free.wait(rest)
            self._inside[threading.get_ident()] = time.monotonic()

    def leave(self) -> None:
        """Let the next one in."""
        with self._free:
            if self._inside.pop(threading.get_ident(), None) is not None:
                self._free.notify()


class _Here(threading.local):
    turnstile: Turnstile | None = None


_here = _Here()


@contextmanager
def in_turn(turnstile: Turnstile) -> Iterator[None]:
    """From one's turn to its end."""
    turnstile.enter()
    _here.turnstile = turnstile
    try:
        yield
    finally:
        _here.turnstile = None
        turnstile.leave()


@contextmanager
def standing_aside() -> Iterator[None]:
    """For the time of a wait others compute; without effect where nobody takes turns."""
    turnstile, _here.turnstile = _here.turnstile, None
    if turnstile is None:
        yield
        return
    turnstile.leave()
    try:
        yield
    finally:
        turnstile.enter()
        _here.turnstile = turnstile


def leave_turn() -> None:
    """For whoever waits for what others wait for too: it goes on without a place as soon as it has
    it, because a turn now would make all of them wait."""
    turnstile, _here.turnstile = _here.turnstile, None
    if turnstile is not None:
        turnstile.leave()


def listen(app: Flask) -> None:
    """Let every request of this application take its turn."""
    turnstile = Turnstile(_places(app))
    inner: Callable[..., Any] = app.wsgi_app

    def wsgi_app(environ: dict[str, Any], start_response: Any) -> Any:
        with in_turn(turnstile):
            return inner(environ, start_response)

    app.wsgi_app = wsgi_app  # type: ignore[method-assign]


def _places(app: Flask) -> int:
    """With a database elsewhere another one computes while one waits for it; more only take the
    interpreter from each other."""
    return 1 if app.extensions["settings"].database.startswith("sqlite") else 2
