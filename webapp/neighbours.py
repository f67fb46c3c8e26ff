"""Words between the processes of one server: each has a socket at which the others tell it theirs.

With PostgreSQL the words of transactions go through the database, to every server (elsewhere.py,
`told`), so only the others are told here. A word that is lost costs a second: after that everybody
looks by itself.
"""

import socket
import threading
from collections import Counter
from contextlib import suppress

from flask import Flask

from webapp.engine.resources import Ask
from webapp.models.transaction import announced
from webapp.spoken import OF_NO_TRANSACTION, heard, said

_LONGEST = 64 * 1024
_STOP = b""

#: For each process the end at which it listens, and the end at which others talk to it.
Lines = list[tuple[socket.socket, socket.socket]]


def lines(processes: int) -> Lines:
    """To be made before there are any processes to tell something."""
    return [socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(processes)]


class Neighbours:
    """Listens for process `number` until stopped, and tells the others."""

    def __init__(self, app: Flask, lines: Lines, number: int, told: bool) -> None:
        self.app, self._told = app, told
        self._ours, self._own_end = lines[number]
        self._others = [end for n, (_, end) in enumerate(lines) if n != number]
        for end in self._others:
            end.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="neighbours", daemon=True)

    def start(self) -> None:
        """From now on."""
        self.app.extensions["wakeups"].tellers.append(self.tell)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self.app.extensions["wakeups"].tellers.remove(self.tell)
        with suppress(OSError):
            self._own_end.send(_STOP)
        self._thread.join(timeout=10)

    def tell(self, word: str, demand: Counter[Ask]) -> None:
        """Say it to the others, unless it is they who told us, or the database does."""
        if threading.current_thread() is self._thread:
            return
        if not self._told or word.startswith(OF_NO_TRANSACTION):
            words = said(word, demand).encode()
            for end in self._others:
                with suppress(OSError):  # its queue is full, or it has just died
                    end.send(words)

    def _run(self) -> None:
        while words := self._ours.recv(_LONGEST):
            word, demand, _ = heard(words)
            with self.app.app_context():
                announced.send(self.app.extensions["wakeups"], word=word, demand=demand)
