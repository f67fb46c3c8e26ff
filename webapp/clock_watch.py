"""Whether somebody set the clock of this computer: what waits for a moment of it would wait for an
hour more, or be late by one."""

import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

LOOK_SECONDS = 1
# A clock that is corrected slowly moves by less than this between two looks.
TOLERATED_SECONDS = 2


class ClockWatch:
    """Calls `act(seconds)` after the wall clock was moved by so many; less than zero: back."""

    def __init__(
        self,
        act: Callable[[float], None],
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._act, self._wall, self._steady = act, wall, steady
        self._apart = wall() - steady()
        self._over, self._lock = threading.Event(), threading.Lock()
        self._thread = threading.Thread(target=self._run, name="clock watch", daemon=True)

    def start(self) -> None:
        """Look every second from now on."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def look(self) -> None:
        """Compare now; for who must not act on a wrong time. What `act` raises comes out here, and
        it is called again at the next look. Of several that look at once all wait for the first."""
        with self._lock:
            apart = self._wall() - self._steady()
            by = apart - self._apart
            if abs(by) > TOLERATED_SECONDS:
                way = "back" if by < 0 else "forward"
                log.warning("the clock was set %s by %.0f s", way, abs(by))
                self._act(by)
            self._apart = apart

    def _run(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            try:
                self.look()
            except Exception:  # the database is away; who acts on the time looks again before
                log.exception("the clock was set; trying again")
