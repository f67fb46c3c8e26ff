"""The further processes of a server, which share its socket: one interpreter uses one processor.

They are made by a process that does nothing else and has no threads, because a process with threads
cannot be copied safely; it makes a new one when one ends. All of them end with us: we hold the one
end of a pipe at whose other end they notice, however we end.
"""

import logging
import os
import select
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

log = logging.getLogger(__name__)

_PAUSE_SECONDS = 1  # before one that ended is made anew


def when_told_to_end(do: Any) -> None:
    """What SIGTERM and SIGINT do from now on; only in the main thread."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, do)


class Further:
    """Processes 1 to `number`, each of which does `work(its number)` until it is told to stop. To
    be made while there are no threads."""

    def __init__(self, number: int, work: Callable[[int], None]) -> None:
        self._end, self._our_end = os.pipe()
        self._maker = os.fork()
        if not self._maker:
            os.close(self._our_end)
            _become(lambda: _Maker(self._end, work).keep(number))
        os.close(self._end)

    def close(self) -> None:
        """Tell them, and wait until they have given their last answers."""
        with suppress(ProcessLookupError):
            os.kill(self._maker, signal.SIGTERM)
        with suppress(ChildProcessError):
            os.waitpid(self._maker, 0)
        os.close(self._our_end)


class _Maker:
    """Makes them, and makes them again."""

    def __init__(self, end: int, work: Callable[[int], None]) -> None:
        self._end, self._work = end, work
        self._made: dict[int, int] = {}  # process -> its number
        self._stopping = False

    def keep(self, number: int) -> None:
        """Until we are told to stop, or the server is gone."""
        when_told_to_end(self._stop)
        for n in range(1, number + 1):
            self._make(n)
        while self._made:
            ended, status = os.wait()
            n = self._made.pop(ended)
            if not self._over():
                log.error("process %d ended (%s); another one begins", n, _how(status))
                time.sleep(_PAUSE_SECONDS)
                self._make(n)

    def _over(self) -> bool:
        gone, _, _ = select.select([self._end], [], [], 0)
        return self._stopping or bool(gone)

    def _make(self, number: int) -> None:
        if self._over():
            return
        made = os.fork()
        if not made:
            _become(lambda: self._begin(number))
        self._made[made] = number

    def _begin(self, number: int) -> None:
        when_told_to_end(signal.SIG_DFL)
        threading.Thread(target=_end_with, args=(self._end,), daemon=True).start()
        self._work(number)

    def _stop(self, *_: object) -> None:
        self._stopping = True
        for each in self._made:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGTERM)


def keep_to_one_processor(leader: int, number: int, of: int) -> None:
    """Process `number` of so many, whose first is `leader`: each on a processor of its own, if
    there are enough.

    Its threads take turns at one interpreter anyway. Moved from one processor to another with each
    turn they would find nothing in its memory: answers under load take several times as long.
    """
    try:
        ours = sorted(os.sched_getaffinity(0))
        if 1 < of <= len(ours):
            # Not all servers of a computer begin with the same one.
            os.sched_setaffinity(0, {ours[(leader + number) % len(ours)]})
    except (AttributeError, OSError):  # this system has no such thing, or does not let us
        log.debug("processes are not kept to processors", exc_info=True)


def _become(work: Callable[[], None]) -> None:
    """Do this and nothing that the process would do that we are a copy of."""
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        log.exception("a process of this server ended")
    finally:
        os._exit(code)


def _end_with(end: int) -> None:
    os.read(end, 1)  # nobody writes: it is over when the other end is closed
    os._exit(1)


def _how(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"signal {-code}" if code < 0 else f"exit code {code}"
