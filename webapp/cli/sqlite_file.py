"""The file behind a SQLite database, for the commands that copy it whole."""

import contextlib
import sqlite3
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import make_url


def database_file() -> Path:
    """Where this installation's rows are; raises ClickException when they are in PostgreSQL."""
    url = make_url(current_app.extensions["settings"].database)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise click.ClickException(
            "DATABASE_URL: this database is PostgreSQL: use pg_dump and pg_restore."
        )
    return Path(url.database)


def copy_database(source: Path, target: Path) -> None:
    """A whole copy as of one instant, also while others write; `target` (0600) is there complete
    or not at all. Raises ClickException in one sentence."""
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        partial.touch(mode=0o600)
        with contextlib.closing(_open(source)) as old, contextlib.closing(_new(partial)) as new:
            old.backup(new, pages=1000)
            (verdict,) = new.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise click.ClickException(f"{source} is damaged: {verdict}.")
        partial.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise click.ClickException(f"{source} could not be copied to {target}: {error}.") from None
    finally:
        partial.unlink(missing_ok=True)


def one_value(file: Path, query: str) -> object:
    """The first value of a query on a database file; None when it has no such table."""
    try:
        with contextlib.closing(_open(file)) as connection:
            row = connection.execute(query).fetchone()
    except sqlite3.Error:
        return None
    return row[0] if row else None


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=30)


def _new(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file)
    # One file and no other beside it: a backup is copied about.
    connection.execute("PRAGMA journal_mode=DELETE")
    return connection
