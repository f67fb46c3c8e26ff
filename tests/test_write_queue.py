"""Processes take turns at SQLite's write lock."""

import fcntl
import os
import sqlite3
import threading

import pytest

from tests.waiting import eventually
from webapp.write_queue import begin_to_write

LONG = 600


@pytest.fixture
def connect(tmp_path):
    """Connections to one database, as processes have them."""
    made = []

    def call(seconds=LONG):
        connection = sqlite3.connect(
            tmp_path / "runners.db", isolation_level=None, check_same_thread=False
        )
        connection.execute(f"PRAGMA busy_timeout={seconds * 1000}")
        made.append(connection)
        return connection

    call().execute("CREATE TABLE writers (name TEXT)")
    yield call
    for each in made:
        each.close()


@pytest.fixture
def queue(tmp_path):
    return tmp_path / "writers"


def writes(connection, queue, name):
    """In a thread of its own, as soon as it may."""

    def run():
        begin_to_write(connection, queue)
        connection.execute("INSERT INTO writers VALUES (?)", [name])
        connection.execute("COMMIT")

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def is_next(queue):
    """Whether somebody waits as the next one."""
    file = os.open(queue, os.O_RDWR)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def test_who_waits_writes_when_the_other_has_written(connect, queue):
    holder = connect()
    begin_to_write(holder, queue)
    thread = writes(connect(), queue, "second")
    eventually(lambda: is_next(queue), what="the second one waits")
    holder.execute("COMMIT")
    thread.join(LONG)
    assert holder.execute("SELECT name FROM writers").fetchall() == [("second",)]


def test_nobody_passes_the_one_who_is_next(connect, queue):
    holder = connect()
    begin_to_write(holder, queue)
    second = writes(connect(), queue, "second")
    eventually(lambda: is_next(queue), what="the second one waits")
    third = writes(connect(), queue, "third")
    holder.execute("COMMIT")
    for thread in (second, third):
        thread.join(LONG)
    names = [name for (name,) in holder.execute("SELECT name FROM writers ORDER BY rowid")]
    assert names == ["second", "third"]


def test_it_waits_no_longer_than_the_connection_would(connect, queue):
    begin_to_write(connect(), queue)
    hurried = connect(seconds=0)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        begin_to_write(hurried, queue)
    assert not is_next(queue)


def test_the_patience_of_the_connection_stays_as_it_was(connect, queue):
    connection = connect(seconds=7)
    begin_to_write(connection, queue)
    assert connection.execute("PRAGMA busy_timeout").fetchone() == (7000,)


def test_a_next_one_that_was_stopped_stops_nobody_for_ever(connect, queue):
    queue.touch()
    file = os.open(queue, os.O_RDWR)
    fcntl.flock(file, fcntl.LOCK_EX)
    connection = connect()
    begin_to_write(connection, queue)
    assert connection.in_transaction
    os.close(file)


def test_it_does_without_the_queue_where_no_file_can_be_made(connect, tmp_path):
    connection = connect()
    begin_to_write(connection, tmp_path / "nowhere" / "writers")
    assert connection.in_transaction


def test_another_fault_is_told_at_once(connect, queue):
    connection = connect()
    connection.execute("BEGIN")
    with pytest.raises(sqlite3.OperationalError, match="within a transaction"):
        begin_to_write(connection, queue)
