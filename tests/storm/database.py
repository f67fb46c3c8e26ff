"""The database: another program holds it, it is restarted, it may only be read."""

import os
import sqlite3

import psycopg
from sqlalchemy import make_url

from scripts.with_postgres import restart
from tests.storm.sky import Kinds, Sky
from tests.waiting import eventually

_LOCK = "LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE"
# One at a time: who takes several of them deadlocks with transactions that are under way.
_TABLES = ("job", "runner", "instance", "lease")
_READ_ONLY = "ALTER SYSTEM SET default_transaction_read_only = "


class Sqlite(Sky):
    def kinds(self) -> Kinds:
        return {self.lock_the_database: 1}

    def lock_the_database(self) -> None:
        """For as long as SQLite waits, or longer."""
        file = self.town.settings.data_dir / "runners.db"
        other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:  # its disk is full at this very moment
            other.close()
            return
        self.later(self.dice.choice((1, 3, 3 if self.brief else 20)), other.close)


class Postgres(Sky):
    def kinds(self) -> Kinds:
        return {
            self.lock_the_database: 1,
            self.restart_the_database: 1,
            self.kill_the_database: 1,
            self.make_the_database_read_only: 1,
        }

    def lock_the_database(self) -> None:
        table = self.dice.choice(_TABLES)
        connection = eventually(lambda: self._try_to_lock(table), 30, "the lock")
        self.later(self.dice.choice((1, 3, 3 if self.brief else 20)), connection.close)

    def restart_the_database(self) -> None:
        restart(os.environ["TEST_POSTGRES_DATA"], "fast")

    def kill_the_database(self) -> None:
        restart(os.environ["TEST_POSTGRES_DATA"], "immediate")

    def make_the_database_read_only(self) -> None:
        self._read_only("on")
        self.later(self.dice.uniform(1, 6), lambda: self._read_only("off"))

    def _try_to_lock(self, table: str) -> psycopg.Connection | None:
        connection = self._connect()
        try:
            connection.execute("BEGIN")
            connection.execute(_LOCK.format(table))
        except psycopg.OperationalError:  # it is being restarted
            connection.close()
            return None
        return connection

    def _read_only(self, word: str) -> None:
        with self._connect() as connection:
            connection.execute(_READ_ONLY + word)
            connection.execute("SELECT pg_reload_conf()")

    def _connect(self) -> psycopg.Connection:
        """Whatever else is going on: it may be starting."""
        return eventually(self._try_to_connect, 30, "PostgreSQL")

    def _try_to_connect(self) -> psycopg.Connection | None:
        url = make_url(self.town.settings.database)
        options = "-c default_transaction_read_only=off"
        try:
            return psycopg.connect(
                host=url.host,
                port=url.port,
                user=url.username,
                dbname=url.database,
                options=options,
                autocommit=True,
            )
        except psycopg.OperationalError:
            return None
