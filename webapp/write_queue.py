"""How the processes of one computer take turns at SQLite's write lock.

SQLite lets whoever asks first after the lock is free have it: a process that has another writer at
hand each time would keep it, and one that looks less and less often would wait for seconds. So who
finds the lock taken holds a second one until it has the first; nobody can pass it meanwhile.
"""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from webapp.turnstile import leave_turn

_FIRST_PAUSE, _LONGEST_PAUSE = 0.001, 0.02  # seconds between two looks
_GROWTH = 1.1
# A process that was stopped while it was the next one must not stop others for ever.
_PATIENCE_SECONDS = 0.5


def begin_to_write(driver: sqlite3.Connection, queue: Path) -> None:
    """BEGIN IMMEDIATE, as soon as others let us. Raises sqlite3.OperationalError when that takes
    longer than the connection's busy_timeout."""
    (patience,) = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute("PRAGMA busy_timeout=0")
    try:
        with _next_in(queue):
            _begin(driver, patience / 1000)
    finally:
        driver.execute(f"PRAGMA busy_timeout={patience}")


def _begin(driver: sqlite3.Connection, patience: float) -> None:
    for rest in _looks(patience):
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or rest <= 0:
                raise
        else:
            return


@contextmanager
def _next_in(queue: Path) -> Iterator[None]:
    try:
        file = os.open(queue, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError:  # a disk that is full or read-only: then without
        yield
        return
    try:
        for _ in _looks(_PATIENCE_SECONDS):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            break
        yield
    finally:
        os.close(file)


def _looks(patience: float) -> Iterator[float]:
    """The seconds that are left, at once and then after each pause; the last is not above zero."""
    deadline, pause = time.monotonic() + patience, _FIRST_PAUSE
    yield patience
    leave_turn()
    rest = patience
    while rest > 0:
        time.sleep(min(pause, rest))
        pause = min(pause * _GROWTH, _LONGEST_PAUSE)
        rest = deadline - time.monotonic()
        yield rest
