"""The one way to write: `with writing():`, and announcements that leave after the commit."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from blinker import Signal
from flask import current_app

from webapp.engine.resources import Ask
from webapp.extensions import db

announced = Signal()  # sent once for each word announced, after its transaction is durable

_WORDS = "announced_words"
_WRITING = "writing"
_LOCKED = "locked"


@contextmanager
def writing() -> Iterator[None]:
    """One write transaction: committed as a whole at the end, or rolled back by any exception.

    Whatever was read before may be stale, so loaded objects are refreshed at their next use.
    Raises RuntimeError when a transaction is already open: one decision, one transaction.
    """
    session = db.session()
    if session.info.get(_WRITING):
        raise RuntimeError("a write transaction is already open")
    session.commit()  # ends a reading transaction, if there is one
    session.expire_all()
    with current_app.extensions["writers_turn"]:
        _begin(session, "READ COMMITTED", writing=True)
        session.info[_WRITING] = True
        try:
            yield
            words = session.info.pop(_WORDS, {})
            session.commit()
        except BaseException:
            session.info.pop(_WORDS, None)
            session.rollback()
            raise
        finally:
            session.info[_WRITING] = False
            session.info.pop(_LOCKED, None)
    for word, demand in words.items():
        announced.send(current_app.extensions["wakeups"], word=word, demand=demand)


def begin_snapshot() -> None:
    """Begin a reading transaction in which every query sees the same instant.

    SQLite's always do; PostgreSQL's would see what others commit between two queries, and a
    decision made of two instants can contradict itself.
    """
    session = db.session()
    session.commit()
    session.expire_all()
    _begin(session, "REPEATABLE READ")


def _begin(session: Any, isolation_level: str, **options: Any) -> None:
    """A transaction of that kind; SQLite's are all of one kind, and there always is one."""
    if session.get_bind().dialect.name == "postgresql":
        options["isolation_level"] = isolation_level
    session.connection(execution_options=options)


def announce(word: str, *asks: Ask) -> None:
    """Tell whoever waits, once this transaction is durable: `runner:ID` (there is something to
    tell it), `room:ID` (it has room again), or `jobs` and what each of the waiting ones asks."""
    words = db.session().info.setdefault(_WORDS, {})
    words.setdefault(word, Counter()).update(asks)


def locked() -> set[object]:
    """What the open write transaction has locked already, for whoever locks to ask and to add to:
    a lock holds to its end, and need not be asked for again."""
    require_writing()
    found: set[object] = db.session().info.setdefault(_LOCKED, set())
    return found


def execute(statement: Any, values: Any = None) -> Any:
    """Run a Core statement in the open transaction; several times less work for SQLAlchemy than
    `db.session.execute`, which looks for objects in it. Waiting objects are written first."""
    session = db.session()
    if session.new or session.dirty or session.deleted:
        session.flush()
    return session.connection().execute(statement, values)


def require_writing() -> None:
    """Raise RuntimeError outside of `writing()`."""
    if not db.session().info.get(_WRITING):
        raise RuntimeError("this changes rows: call it inside `with writing():`")
