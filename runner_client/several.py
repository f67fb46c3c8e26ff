"""The same for many things, a few at once, each thread with a line of its own to the server."""

from __future__ import annotations

import threading
from typing import Callable, Iterable, TypeVar

from runner_client.control import Control
from runner_client.line import Line
from runner_client.workplace import Workplace

AT_ONCE = 4

Thing = TypeVar("Thing")
Result = TypeVar("Result")


class Several:
    """`has_run`: the job's process has ended, so orders that ended it do not end this."""

    def __init__(self, place: Workplace, control: Control, has_run: bool) -> None:
        # Only for jobs that need it: the module takes memory that an idle agent should not use.
        from concurrent.futures import ThreadPoolExecutor

        self._place, self._control, self._has_run = place, control, has_run
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._mine = threading.local()
        self._lines: list[Line] = []

    def each(self, do: Callable[[Line, Thing], Result], things: Iterable[Thing]) -> list[Result]:
        """The results in order; the first error, when nothing of this goes on any more."""
        futures = [self._pool.submit(self._do, do, thing) for thing in things]
        try:
            return [future.result() for future in futures]
        finally:
            for future in futures:
                future.cancel()
            for future in futures:
                if not future.cancelled():
                    future.exception()

    def close(self) -> None:
        self._pool.shutdown()
        for line in self._lines:
            line.close()

    def _do(self, do: Callable[[Line, Thing], Result], thing: Thing) -> Result:
        line = getattr(self._mine, "line", None)
        if line is None:
            line = self._mine.line = Line(self._place.open_caller, self._control)
            line.has_run = self._has_run
            self._lines.append(line)
        line.check()
        return do(line, thing)
