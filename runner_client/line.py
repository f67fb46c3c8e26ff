"""Calls that the thread of one job makes: for what the job needs, and for what it leaves."""

from __future__ import annotations

import contextlib
import itertools
import time
from typing import Any, Callable, Iterator

from runner_client.caller import Caller
from runner_client.channel import ANSWER_SECONDS
from runner_client.control import Control
from runner_client.ending import Ending

# What ends a job so that nobody wants its files any more.
FOR_NOTHING = ("aborted", "dropped")
_LOOK_SECONDS = 0.5


class Ended(Exception):
    """The job is to end now; `wanted` says how."""

    def __init__(self, wanted: Ending) -> None:
        super().__init__(wanted.reason)
        self.wanted = wanted


class Line:
    """A connection of its own, opened at the first call. While the server is away a call is
    repeated until an order ends the job."""

    def __init__(self, open_one: Callable[[], Caller], control: Control) -> None:
        self._open_one, self._control = open_one, control
        self._caller: Caller | None = None
        self.has_run = False
        self.spare = 0.0  # seconds by which the last calls may be later than the files

    def call(self, path: str, body: Any, timeout: float = ANSWER_SECONDS) -> dict:
        """The answer. Raises Refused, Ended (an order came), Over (the session ended)."""
        with self._waiting():
            return self._connected().call(path, self._while_wanted(body), timeout)

    def fetch(self, path: str, body: Any, timeout: float = ANSWER_SECONDS) -> bytes:
        """As `call`, for an answer that is raw bytes: at most 16 MiB, so ask for pieces."""
        with self._waiting():
            return self._connected().fetch(path, self._while_wanted(body), timeout)

    def check(self) -> None:
        """Raise Ended when nobody wants this any more: before the first command any order will do,
        after the last one what the job leaves is still wanted unless it was aborted, and until the
        machine ends."""
        wanted = self._control.ending
        if wanted is None:
            return
        too_late = time.monotonic() > wanted.files_until + self.spare
        if not self.has_run or wanted.outcome in FOR_NOTHING or too_late:
            raise Ended(wanted)

    def wait(self, seconds: float) -> None:
        """Raises Ended as soon as `check` would."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            self.check()
            time.sleep(max(0.0, min(_LOOK_SECONDS, ends - time.monotonic())))

    def close(self) -> None:
        if self._caller is not None:
            self._caller.channel.close()

    def _connected(self) -> Caller:
        if self._caller is None:
            self._caller = self._open_one()
        return self._caller

    def _while_wanted(self, body: Any) -> Callable[[], Any]:
        tries = itertools.count()

        def still_wanted() -> Any:
            self._control.waits = next(tries) > 0
            self.check()
            return body

        return still_wanted

    @contextlib.contextmanager
    def _waiting(self) -> Iterator[None]:
        try:
            yield
        finally:
            self._control.waits = False
