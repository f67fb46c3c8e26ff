"""Every change of a status is allowed, and has an event of somebody who may make it."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from tests.simulation.judge.books import Books
from webapp.engine import states

MOVES: Mapping[str, Mapping[Any, frozenset[Any]]] = {
    "job": states.JOB_MOVES,
    "runner": states.RUNNER_MOVES,
    "instance": states.INSTANCE_MOVES,
}
_WORDS: Mapping[str, type[StrEnum]] = {
    "job": states.Job,
    "runner": states.Runner,
    "instance": states.Instance,
}
_NO_MOVES = frozenset({"job held", "runner added", "runner registered", "instance end asked"})


class Noted:
    """New rows and moves since the last look, each checked once."""

    def __init__(self, books: Books) -> None:
        self._books = books
        row = books.one("SELECT max(number), (SELECT max(id) FROM event) FROM noted")
        self._number, self._event = (row[0] or 0, row[1] or 0) if row else (0, 0)

    def look(self) -> tuple[list[sqlite3.Row], list[str]]:
        """(what is new, what is wrong with it)."""
        noted = self._books.rows("SELECT * FROM noted WHERE number > ?", self._number)
        if not noted:
            return [], []
        self._number = noted[-1]["number"]
        events = self._books.rows("SELECT * FROM event WHERE id > ? ORDER BY id", self._event)
        self._event = events[-1]["id"] if events else self._event
        return noted, list(_problems(noted, events))


def _problems(noted: list[sqlite3.Row], events: list[sqlite3.Row]) -> Iterator[str]:
    about: dict[tuple[str, str], list[sqlite3.Row]] = defaultdict(list)
    for event in events:
        table = event["what"].partition(" ")[0]
        if table in MOVES and event["what"] not in _NO_MOVES:
            about[table, str(event[f"{table}_id"])].append(event)
    for row in noted:
        if row["old"] is not None:
            yield from _problem(row, about[row["table"], row["row"]])


def _problem(row: sqlite3.Row, events: list[sqlite3.Row]) -> Iterator[str]:
    table = row["table"]
    words = _WORDS[table]
    allowed = MOVES[table].get((words(row["old"]), words(row["new"])))
    what = f"{table} {row['row']} went from {row['old']} to {row['new']}"
    if allowed is None:
        yield f"{what}, which no rule allows"
        return
    mine = next((each for each in events if each["actor"] in allowed), None)
    if mine is None:
        yield f"{what} without an event of {'/'.join(sorted(allowed))}"
    else:
        events.remove(mine)
