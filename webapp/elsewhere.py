"""Words that other processes announced, heard through PostgreSQL.

With SQLite there is nothing to hear; a look at the queue every second makes up for it.
"""

import logging
import threading
from collections import Counter

from flask import Flask

from webapp.extensions import db
from webapp.models.transaction import announced
from webapp.tasks.wake_idle import waiting_demand

log = logging.getLogger(__name__)

_LOOK_SECONDS = 1  # how long it takes to notice that we stop


class Elsewhere:
    """A thread that listens until stopped, through a connection of its own."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="elsewhere", daemon=True)

    def start(self) -> None:
        """Begin, if the database is one that can tell."""
        with self.app.app_context():
            if db.engine.dialect.name == "postgresql":
                self._thread.start()

    def stop(self) -> None:
        """End the thread and its connection."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._listen()
            except Exception:  # whatever the driver calls a connection that broke
                log.exception("the database is away; listening again soon")
                self._stop.wait(_LOOK_SECONDS)

    def _listen(self) -> None:
        with self.app.app_context(), db.engine.connect() as connection:
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql("LISTEN announced")
            driver = connection.connection.driver_connection
            while not self._stop.is_set():
                for notice in driver.notifies(timeout=_LOOK_SECONDS):
                    self._pass_on(notice)
                    if self._stop.is_set():
                        return

    def _pass_on(self, notice) -> None:
        word = notice.payload
        demand = waiting_demand() if word == "jobs" else Counter()
        db.session.remove()
        announced.send(self.app.extensions["wakeups"], word=word, demand=demand)
