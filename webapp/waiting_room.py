"""Where the connections of requests that wait are kept, by one thread for all of them.

When the bell of a wait rings, its request is looked at anew by a thread that answers requests; when
its time is over, the answer that was kept leaves from here.
"""

import heapq
import itertools
import logging
import threading
import time
from typing import TYPE_CHECKING

from webapp.waits import Wait

if TYPE_CHECKING:
    from webapp.channels import Channel

log = logging.getLogger(__name__)


class WaitingRoom:
    """Thread-safe."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        # Those whose bell rang stay in it until their time: a heap cannot take out from its middle.
        self._times: list[tuple[float, int, Channel, Wait]] = []
        self._numbers = itertools.count()
        self._over: list[Channel] = []
        self._closes = False
        self._thread = threading.Thread(target=self._run, name="waiting room", daemon=True)
        self._thread.start()

    def close(self, seconds: float) -> None:
        """Let those go whose wait is over."""
        with self._changed:
            self._closes = True
            self._changed.notify()
        self._thread.join(seconds)

    def take(self, channel: "Channel", wait: Wait) -> None:
        """Keep it until its wait says otherwise."""
        # First the bell: whoever is found without a call is taken for answered.
        wait.bell.call(lambda: self._call(channel, wait))
        entry = (wait.until, next(self._numbers), channel, wait)
        with self._changed:
            heapq.heappush(self._times, entry)
            if self._times[0] is entry:
                self._changed.notify()

    def _call(self, channel: "Channel", wait: Wait) -> None:
        """Its bell rang."""
        if not wait.is_over:
            channel.server.add_task(channel)
            return
        with self._changed:
            self._over.append(channel)
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not (due := self._due()) and not self._closes:
                    self._changed.wait(self._rest())
            if not due:
                return
            for channel in due:
                _answer(channel)

    def _due(self) -> "list[Channel]":
        due, self._over = self._over, []
        while self._times and self._times[0][0] <= time.monotonic():
            _, _, channel, wait = heapq.heappop(self._times)
            if wait.bell.hush():
                wait.is_over = True
                due.append(channel)
        return due

    def _rest(self) -> float | None:
        return max(0.0, self._times[0][0] - time.monotonic()) if self._times else None


def _answer(channel: "Channel") -> None:
    try:
        channel.service()
    except Exception:
        log.exception("an answer that was kept could not leave")
