"""Who waits in this process, and who is woken: long polls of runners, and readers of a log.

A runner that waits leaves a ticket saying what it has left. A new job wakes as many waiting
runners as there are jobs, those that it fits and that are paid for (self-hosted) first; each then
claims in the database, where only one can win. What other processes should hear, `tellers` tell
them (neighbours.py, elsewhere.py); a look at the queue every second makes up for anything missed.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app

from webapp.engine.resources import Ask, Have, fits, take
from webapp.models.transaction import announced
from webapp.turnstile import standing_aside
from webapp.waits import Wait

#: A word, and what the waiting jobs ask, if it is about any.
Tell = Callable[[str, Counter[Ask]], None]


@dataclass(eq=False, kw_only=True)
class Ticket(Wait):
    """One waiting poll of one runner; `left` None: only orders, no jobs."""

    runner_id: str
    wakeups: "Wakeups"
    left: Have | None = None
    self_hosted: bool = True
    drained: bool = False
    began: float = field(default_factory=time.monotonic)  # a clock that all processes share

    def look(self) -> None:
        """It looks now, and has to be woken for nothing before this moment."""
        self.left = None
        self.bell.clear()
        if self.is_over:  # by a ring that was just cleared
            self.bell.set()

    def leave(self) -> None:
        """The poll is over."""
        self.wakeups.end_poll(self)


class Wakeups:
    """Thread-safe; nothing here outlives the process, and nothing has to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tickets: dict[str, Ticket] = {}
        self._readers: dict[str, set[threading.Event]] = {}
        self._claiming: set[Ticket] = set()
        self.closed = False
        self.tellers: list[Tell] = []

    def begin_poll(self, runner_id: str, until: float, body: Any = None) -> Ticket:
        """A ticket for the time of one poll; an older poll of the same runner ends."""
        ticket = Ticket(runner_id=runner_id, wakeups=self, until=until, body=body)
        with self._lock:
            older = self._tickets.get(runner_id)
            self._tickets[runner_id] = ticket
            closed = self.closed
        for each in (older, ticket if closed else None):
            if each:
                each.end()
        self.tell_others(f"poll:{runner_id}:{ticket.began}", Counter())
        return ticket

    def end_poll(self, ticket: Ticket) -> None:
        """It waits no longer."""
        with self._lock:
            self._claiming.discard(ticket)
            if self._tickets.get(ticket.runner_id) is ticket:
                del self._tickets[ticket.runner_id]

    def tell_others(self, word: str, demand: Counter[Ask]) -> None:
        """Let other processes hear it, on whatever ways there are."""
        for tell in self.tellers:
            tell(word, demand)

    def polls_elsewhere(self, runner_id: str, began: float) -> None:
        """Another process has a poll of it that began then: an older one here ends."""
        with self._lock:
            ticket = self._tickets.get(runner_id)
        if ticket and ticket.began < began:
            ticket.end()

    def wake_runner(self, runner_id: str) -> None:
        """There is something to tell this runner."""
        with self._lock:
            ticket = self._tickets.get(runner_id)
        if ticket:
            ticket.bell.set()

    def wake_for_room(self, runner_id: str) -> None:
        """A job of this runner ended: if it waits for jobs, it has room for more than it said."""
        with self._lock:
            ticket = self._tickets.get(runner_id)
        if ticket and ticket.left is not None:
            ticket.bell.set()

    def wake_for(self, demand: Counter[Ask]) -> Counter[Ask]:
        """There are this many waiting jobs of each kind: wake runners that could take them.

        Answers what is left when those that are paid for have taken theirs: a process in which
        others of them wait should hear of it.
        """
        with self._lock:
            rest = self._wake_some(demand, self_hosted=True)
            self._wake_some(rest, self_hosted=False)
        return rest

    def may_claim(self, ticket: Ticket, waiting: int) -> bool:
        """Whether there are more waiting jobs than runners on their way to them. Otherwise all that
        poll would go for the same job; what is left after all, the look each second finds."""
        with self._lock:
            if len(self._claiming) >= waiting:
                return False
            self._claiming.add(ticket)
            return True

    def has_looked(self, ticket: Ticket) -> None:
        """It has claimed what there was."""
        with self._lock:
            self._claiming.discard(ticket)

    def someone_waits(self) -> bool:
        """Whether any runner waits for jobs."""
        with self._lock:
            return any(self._is_free(ticket) for ticket in self._tickets.values())

    @contextmanager
    def reader(self, word: str) -> Iterator[threading.Event]:
        """An event that is set whenever `word` is announced."""
        bell = threading.Event()
        with self._lock:
            self._readers.setdefault(word, set()).add(bell)
            if self.closed:
                bell.set()
        try:
            yield bell
        finally:
            with self._lock:
                self._readers[word].discard(bell)
                if not self._readers[word]:
                    del self._readers[word]

    def wake_readers(self, word: str) -> None:
        """Set the event of everybody who waits for this word."""
        with self._lock:
            for bell in self._readers.get(word, ()):
                bell.set()

    def close(self) -> None:
        """End all waiting, because the server stops; nobody waits or gets a job from here on."""
        with self._lock:
            self.closed = True
            bells = [bell for readers in self._readers.values() for bell in readers]
            tickets = list(self._tickets.values())
        for bell in bells:
            bell.set()
        for ticket in tickets:
            ticket.end()

    def _is_free(self, ticket: Ticket) -> bool:
        return ticket.left is not None and not ticket.bell.is_set()

    def _wake_some(self, demand: Counter[Ask], self_hosted: bool) -> Counter[Ask]:
        """What is left of it."""
        return +Counter(
            {ask: count - self._wake(ask, count, self_hosted) for ask, count in demand.items()}
        )

    def _wake(self, ask: Ask, count: int, self_hosted: bool) -> int:
        """Wake as many as it takes; how many of the jobs they have room for."""
        placed = 0
        for ticket in self._tickets.values():
            if placed >= count:
                break
            if ticket.self_hosted == self_hosted and self._is_free(ticket):
                room = _room(ticket.left, ask, count - placed)
                if room:
                    placed += room
                    self._claiming.add(ticket)
                    ticket.bell.set()
        return placed


def _room(left: Have | None, ask: Ask, most: int) -> int:
    """How many jobs of this kind fit, at most `most`."""
    placed = 0
    while left is not None and placed < most and fits(ask, left):
        left = take(left, ask)
        placed += 1
    return placed


def listen(app: Flask) -> None:
    """Hear what transactions of this process announce."""
    wakeups = app.extensions["wakeups"] = Wakeups()

    def hear(sender: Wakeups, word: str, demand: Counter[Ask] | None) -> None:
        rest = wakeups.wake_for(demand) if word == "jobs" and demand else Counter()
        about, _, name = word.partition(":")
        if about == "runner":
            wakeups.wake_runner(name)
        if about == "room":
            wakeups.wake_for_room(name)
        if about == "poll":
            runner_id, _, began = name.partition(":")
            wakeups.polls_elsewhere(runner_id, float(began))
        wakeups.wake_readers(word)
        wakeups.tell_others(word, rest)

    app.extensions["hear"] = hear  # the signal holds it weakly
    announced.connect(hear, sender=wakeups)


def the_wakeups() -> Wakeups:
    """Those of this application."""
    return current_app.extensions["wakeups"]


def wait_for(bell: threading.Event, seconds: float) -> bool:
    """Whether it rang in that time; other requests compute meanwhile."""
    with standing_aside():
        return bell.wait(seconds)
