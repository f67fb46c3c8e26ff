"""Words between servers on one PostgreSQL, which passes them on. With SQLite there is one server.

A word that is lost costs a second: that often everybody looks by itself.
"""

import logging
import queue
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import text

from webapp.engine.resources import Ask
from webapp.extensions import db
from webapp.models.transaction import announced
from webapp.spoken import OF_NO_TRANSACTION, heard, said
from webapp.tasks.wake_idle import waiting_demand

log = logging.getLogger(__name__)

_LOOK_SECONDS = 1  # how long it takes to notice that we stop
_LONGEST = 7999  # bytes, says PostgreSQL of NOTIFY
_SAY = text("SELECT pg_notify('announced', :said)")


class Elsewhere:
    """One thread listens and one says what we have to say, each through a connection of its own,
    until stopped."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._name = str(uuid.uuid4())
        self._stop = threading.Event()
        self._to_say: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._keep(self._listen), daemon=True)
        self._speaker = threading.Thread(target=self._keep(self._speak), daemon=True)

    def start(self) -> None:
        """Begin, if the database is one that can tell."""
        with self.app.app_context():
            if db.engine.dialect.name != "postgresql":
                return
        self._listener.start()
        self._speaker.start()
        self.app.extensions["wakeups"].tellers.append(self.tell)

    def stop(self) -> None:
        """End the threads and their connections."""
        self._stop.set()
        for thread in (self._listener, self._speaker):
            if thread.is_alive():
                thread.join(timeout=10)

    def tell(self, word: str, demand: Counter[Ask]) -> None:
        """Say it to all other processes, unless it is they who told us."""
        if threading.current_thread() is self._listener or word.startswith(OF_NO_TRANSACTION):
            return
        words = said(word, demand, self._name)
        self._to_say.put(words if len(words) <= _LONGEST else said(word, None, self._name))

    def _keep(self, work: Callable[[Any], None]) -> Callable[[], None]:
        """Do it, again and again when the database goes away, until we stop."""

        def run() -> None:
            while not self._stop.is_set():
                try:
                    with self.app.app_context(), db.engine.connect() as connection:
                        work(connection)
                except Exception:  # whatever the driver calls a connection that broke
                    log.exception("the database is away; telling and listening again soon")
                    self._stop.wait(_LOOK_SECONDS)

        return run

    def _speak(self, connection: Any) -> None:
        while not self._stop.is_set():
            try:
                words = self._to_say.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                continue
            connection.execute(_SAY, {"said": words})

    def _listen(self, connection: Any) -> None:
        connection.exec_driver_sql("LISTEN announced")
        driver = connection.connection.driver_connection
        while not self._stop.is_set():
            for notice in driver.notifies(timeout=_LOOK_SECONDS):
                self._pass_on(notice.payload)
                if self._stop.is_set():
                    return

    def _pass_on(self, payload: str) -> None:
        word, demand, by = heard(payload)
        if by == self._name:
            return
        if demand is None:
            demand = waiting_demand()
            db.session.remove()
        announced.send(self.app.extensions["wakeups"], word=word, demand=demand)
