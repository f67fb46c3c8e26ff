"""What the server has in its database, read beside it; triggers note each change of a status."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

TABLES = ("job", "runner", "instance")
_NOTE = """
CREATE TABLE noted (
  number INTEGER PRIMARY KEY, "table" TEXT, row TEXT, old TEXT, new TEXT
);
"""
_TRIGGERS = """
CREATE TRIGGER note_{0} AFTER UPDATE OF status ON {0} WHEN OLD.status IS NOT NEW.status BEGIN
  INSERT INTO noted ("table", row, old, new) VALUES ('{0}', NEW.id, OLD.status, NEW.status);
END;
CREATE TRIGGER note_new_{0} AFTER INSERT ON {0} BEGIN
  INSERT INTO noted ("table", row, old, new) VALUES ('{0}', NEW.id, NULL, NEW.status);
END;
"""


def add_triggers(path: Path) -> None:
    """Have SQLite itself write down every status that changes, whoever changes it."""
    connection = sqlite3.connect(path)
    connection.executescript(_NOTE + "".join(_TRIGGERS.format(each) for each in TABLES))
    connection.close()


def copy_file(source: Path, target: Path) -> None:
    """Take all of `source`; who has `target` open sees it."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


class Books:
    """A reader of its own."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self._connection.row_factory = sqlite3.Row

    def rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        """What is durable now."""
        return self._connection.execute(query, values).fetchall()

    def one(self, query: str, *values: Any) -> sqlite3.Row | None:
        """The first row."""
        row: sqlite3.Row | None = self._connection.execute(query, values).fetchone()
        return row

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
