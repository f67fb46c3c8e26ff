"""The places where a process can die, stall or be refused by its database, and what is set there.

Every statement, every commit (before and after it) and every call to EC2 (before and after its
effect) is such a place. A stall is possible where nothing is held: before a write transaction
begins, and around a call to EC2. Meanwhile the world goes on.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


class Killed(BaseException):
    """The process is gone; nothing of it goes on. Not an Exception: nobody may catch it."""


_REFUSALS = {
    "refuse": ("SQLITE_IOERR", "disk I/O error (simulated)"),
    "full": ("SQLITE_FULL", "database or disk is full (simulated)"),
}


@dataclass
class Trap:
    """Goes off at the `left`-th place of its kind from now."""

    kind: str  # kill | stall | refuse | full
    left: int
    seconds: float = 0.0


@dataclass
class Points:
    """Those of one process."""

    stall: Callable[[float], None]
    sprung: Callable[[str, str], None]
    dead: bool = False
    starting: bool = False  # migrations are for one process at a time, also here
    writing: int = 0  # write transactions that are open
    traps: list[Trap] = field(default_factory=list)

    def set(self, trap: Trap) -> None:
        """Wait for the process to come by."""
        self.traps.append(trap)

    def pass_by(self, place: str, *, idle: bool = False) -> None:
        """The process is at a place; `idle`: it holds nothing there, so it may stall."""
        if self.dead:
            raise Killed
        for trap in list(self.traps):
            if trap in self.traps and self._applies(trap, place, idle):
                trap.left -= 1
                if trap.left <= 0:
                    self.traps.remove(trap)
                    self._spring(trap, place)

    def _applies(self, trap: Trap, place: str, idle: bool) -> bool:
        if trap.kind == "stall":
            return idle and not self.starting
        return trap.kind == "kill" or place in ("statement", "before commit")

    def _spring(self, trap: Trap, place: str) -> None:
        self.sprung(trap.kind, place)
        if trap.kind == "kill":
            self.dead = True
        elif trap.kind == "stall":
            self.stall(trap.seconds)
        else:
            raise _refusal(*_REFUSALS[trap.kind])
        if self.dead:  # also when it was killed while it stalled
            raise Killed


def _refusal(name: str, words: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(words)
    error.sqlite_errorname = name
    return error


class Cursor(sqlite3.Cursor):
    """Each statement is a place."""

    def execute(self, *args: Any) -> sqlite3.Cursor:
        """One statement."""
        self.connection.points.pass_by("statement")  # type: ignore[attr-defined]
        return super().execute(*args)

    def executemany(self, *args: Any) -> sqlite3.Cursor:
        """One statement many times."""
        self.connection.points.pass_by("statement")  # type: ignore[attr-defined]
        return super().executemany(*args)


class Connection(sqlite3.Connection):
    """A connection of one process. `committed` is called when something is durable."""

    points: Points
    committed: Callable[[], None]
    writing = False

    def cursor(self, factory: Any = Cursor) -> Any:
        """Cursors of ours."""
        return super().cursor(factory)

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        """How transactions begin."""
        begins = sql == "BEGIN IMMEDIATE"
        if begins:
            self.points.pass_by("before writing", idle=True)
        answer = super().execute(sql, *args)
        self._open(begins or self.writing)
        return answer

    def commit(self) -> None:
        """Of a transaction that wrote, a place on each side."""
        if not self.writing:
            super().commit()
            return
        self.points.pass_by("before commit")
        super().commit()
        self._open(False)
        self.committed()
        self.points.pass_by("after commit")

    def rollback(self) -> None:
        """Nothing of it was."""
        self._open(False)
        super().rollback()

    def close(self) -> None:
        """What was open is rolled back."""
        self._open(False)
        super().close()

    def _open(self, writing: bool) -> None:
        self.points.writing += int(writing) - int(self.writing)
        self.writing = writing


def connection_of(points: Points, committed: Callable[[], None]) -> type[Connection]:
    """The kind of connection that one process makes."""
    own = {"points": points, "committed": staticmethod(committed)}
    return type("ConnectionOfOneProcess", (Connection,), own)
