"""How the database is opened: SQLite in WAL mode with explicit transactions, or PostgreSQL.

SQLite's Python driver opens transactions late and upgrades them from reading to writing, which
under several writers ends in "database is locked" or in decisions made on stale rows. So
transactions are begun here by hand: a writer takes the write lock at its first word
(BEGIN IMMEDIATE), a reader cannot write at all.
"""

import importlib
import threading
from contextlib import nullcontext, suppress
from functools import partial
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.exc import TimeoutError as NoTurn

from webapp.extensions import db
from webapp.rested import try_rested
from webapp.turnstile import leave_turn
from webapp.write_queue import begin_to_write

PATIENCE_SECONDS = 15  # for others that write

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    f"PRAGMA busy_timeout={PATIENCE_SECONDS * 1000}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    # Pages of 4 kB. With the usual 1,000 two out of a hundred transactions would wait for the disk.
    "PRAGMA wal_autocheckpoint=8000",
)


def engine_options(url: str) -> dict[str, object]:
    """Pool sizes: only threads at work hold a connection, waiting polls hold none."""
    options: dict[str, object] = {"pool_size": 20, "max_overflow": 40, "pool_timeout": 30}
    options["pool_use_lifo"] = True  # the one used last knows most by heart
    options["hide_parameters"] = True  # an error in the log shows the query, not what is in it
    if make_url(url).get_backend_name() == "sqlite":
        # Python keeps 128 prepared statements for each connection; there are more on busy paths.
        options["connect_args"] = {"cached_statements": 500}
    else:
        # Reads need no transaction: each statement sees what is committed, inside of one too, and
        # to begin and end it are two more words with the server. Writing asks for one.
        options["isolation_level"] = "AUTOCOMMIT"
        # Its driver is there only where PostgreSQL is used.
        plain = importlib.import_module("webapp.plain_cursor").PlainCursor
        options["connect_args"] = {"cursor_factory": plain}
    return options


class WritersTurn:
    """Who finds SQLite's write lock taken sleeps and looks again, for longer each time; threads of
    one process wait for each other here, where the next one goes on at once.

    While another program holds the database each of them would wait as long as SQLite does, one
    after the other, and the last one for hours: who gets no turn in time is told so.
    """

    def __init__(self, patience: float = PATIENCE_SECONDS) -> None:
        self._lock, self.patience = threading.Lock(), patience

    def __enter__(self) -> None:
        if self._lock.acquire(blocking=False):
            return
        leave_turn()
        if not self._lock.acquire(timeout=self.patience):
            raise NoTurn(f"no turn to write for {self.patience:g} seconds")

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def listen(app: Flask) -> None:
    """Attach the transaction rules to the engine of this application."""
    with app.app_context():
        engine = db.engine
    app.extensions["writers_turn"] = WritersTurn() if is_sqlite(engine) else nullcontext()
    if is_sqlite(engine):
        event.listen(engine, "connect", _on_connect)
        queue = app.extensions["settings"].data_dir / "writers"
        event.listen(engine, "begin", partial(_on_begin, queue))
        event.listen(engine, "handle_error", _on_error)
    else:
        try_rested(engine)


def is_sqlite(engine: Engine) -> bool:
    """Whether one writer at a time is the rule."""
    return engine.dialect.name == "sqlite"


def _on_connect(connection, _record) -> None:
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _on_begin(queue: Path, connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    # Straight to the driver: a detour of two statements for every transaction there is.
    driver = connection.connection.dbapi_connection
    driver.execute(f"PRAGMA query_only={0 if writing else 1}")
    if writing:
        begin_to_write(driver, queue)
    else:
        driver.execute("BEGIN")


def _on_error(context) -> None:
    # An answer that was being read may still be open on this connection, kept by the traceback,
    # and with it an old instant: reads would see the past, and writes would find it "locked".
    if not isinstance(context.original_exception, context.dialect.dbapi.OperationalError):
        return
    context.is_disconnect, context.invalidate_pool_on_disconnect = True, False
    if context.connection is not None and not context.connection.invalidated:
        # Closed with such an answer it would go on holding the write lock too, for as long.
        with suppress(context.dialect.dbapi.Error):
            context.connection.connection.dbapi_connection.rollback()
