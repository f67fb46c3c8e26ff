"""Connections to PostgreSQL that nobody used for a while are tried before they are used: the server
may have been started anew meanwhile. To try each of them each time would double what is said."""

import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

REST_SECONDS = 1.0
_SINCE = "rests since"


def try_rested(engine: Engine) -> None:
    """From now on."""

    @event.listens_for(engine, "checkin")
    def _rest(_driver: Any, record: Any) -> None:
        record.info[_SINCE] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _try(driver: Any, record: Any, _proxy: Any) -> None:
        since = record.info.get(_SINCE)
        if since is None or time.monotonic() - since < REST_SECONDS:
            return
        try:
            engine.dialect.do_ping(driver)
        except engine.dialect.loaded_dbapi.Error as error:
            # Its neighbours rested as long, and are as dead.
            raise InvalidatePoolError("the server went away while it rested") from error
