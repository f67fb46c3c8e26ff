"""The threads that answer requests: as many as were needed at once; who was busy last goes first.

Whoever was busy last has everything at hand; if a thousand threads took turns, each would find its
own things gone from the processor's memory.
"""

import logging
import threading
from collections import deque
from typing import Any

log = logging.getLogger(__name__)


class _Hand:
    """One thread: what it is to do next, and the bell that says so."""

    def __init__(self, task: Any) -> None:
        self.task = task
        self.bell = threading.Lock()
        self.bell.acquire()


class Crew:
    """What waitress calls a task dispatcher, of at most so many threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._all_gone = threading.Condition(self._lock)
        self._hands = 0
        self._idle: list[_Hand] = []
        self._waiting: deque[Any] = deque()
        self._over = self._is_full = False

    def add_task(self, task: Any) -> None:
        """Have it done: at once, unless all of them are busy."""
        with self._lock:
            if self._idle:
                hand = self._idle.pop()
                hand.task = task
                hand.bell.release()
            elif self._hands < self._most and not self._over:
                self._hands += 1
                threading.Thread(target=self._work, args=(_Hand(task),), daemon=True).start()
            else:
                self._waiting.append(task)
                self._say_that_it_is_full()

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """Let them end what they do, for so many seconds; whether something was left undone."""
        with self._lock:
            self._over = True
            for hand in self._idle:
                hand.task = None
                hand.bell.release()
            self._idle.clear()
            self._all_gone.wait_for(lambda: not self._hands, timeout)
            undone, self._waiting = self._waiting, deque()
        if cancel_pending:
            for task in undone:
                task.cancel()
        return bool(undone)

    def _work(self, hand: _Hand) -> None:
        while hand.task is not None:
            try:
                hand.task.service()
            except BaseException:
                log.exception("a request was not answered")
            self._next(hand)

        with self._lock:
            self._hands -= 1
            self._all_gone.notify_all()

    def _next(self, hand: _Hand) -> None:
        """Its next task, once there is one; None when there will be none."""
        with self._lock:
            hand.task = self._waiting.popleft() if self._waiting and not self._over else None
            if hand.task is not None or self._over:
                return
            self._is_full = False
            self._idle.append(hand)
        hand.bell.acquire()

    def _say_that_it_is_full(self) -> None:
        if not self._is_full:
            self._is_full = True
            log.warning("all %d threads are busy: requests wait (THREADS)", self._most)
