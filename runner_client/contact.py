"""When the server was last heard, and one line a minute while it is not."""

from __future__ import annotations

import logging
import threading
import time

MINUTE = 60

_log = logging.getLogger("server")


class Contact:
    """Shared by all threads that call the server. Times are seconds of `time.time()`."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._lock = threading.Lock()
        self._trouble_since: float | None = None
        self._told = False
        self._next_line = 0.0
        self.last: float | None = None

    def succeeded(self) -> None:
        self.last = time.time()
        if self._trouble_since is None:
            return
        with self._lock:
            since, self._trouble_since = self._trouble_since, None
            told, self._told = self._told, False
        if told and since is not None:
            _log.info("%s answers again, after %d s", self._server, time.time() - since)

    def failed(self, error: Exception) -> None:
        """Also a server that comes and goes is worth one line a minute, not one for each fault."""
        now = time.time()
        with self._lock:
            if self._trouble_since is None:
                self._trouble_since = now
            if now < self._next_line:
                return
            self._next_line, self._told = now + MINUTE, True
            away = now - self._trouble_since
        text = "%s: %s; trying again (for %d s now)"
        _log.warning(text, self._server, error, away)
