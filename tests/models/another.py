"""Another transaction, at the same time."""

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy.exc import DBAPIError

from webapp.extensions import db


class Another(threading.Thread):
    """Does `work` in a session of its own; `error` is what the database said to it."""

    def __init__(self, app: Flask, work: Callable[[], Any]) -> None:
        super().__init__()
        self.app, self.work = app, work
        self.error: DBAPIError | None = None

    def run(self) -> None:
        with self.app.app_context():
            try:
                self.work()
            except DBAPIError as error:
                self.error = error
            finally:
                db.session.remove()

    def as_far_as_it_can(self) -> None:
        """Begin, and wait for as long as it may take to come to somebody's lock."""
        self.start()
        self.join(timeout=0.3)
