"""One content on its way to the server: whatever the server says is next, until it is whole."""

from __future__ import annotations

import time
from typing import BinaryIO, Callable

from runner_client.artifacts.puts import NotPut, put
from runner_client.artifacts.reading import compare, opened
from runner_client.artifacts.walking import Entry
from runner_client.backoff import Backoff
from runner_client.channel import Refused
from runner_client.line import Line

# How long a server without room is asked again before what the job left is given up.
PATIENCE_SECONDS = 600
RETRY_SECONDS = 5
# How often the same may be tried: what arrives wrong, what does not move on, what is refused.
_TRIES = 4
_PASSING_TRIES = 20
_CHECKING_SECONDS = 0.1  # beside what the server itself waits
_SMALLEST_PIECE = 64 * 1024
_LARGEST_PIECE = 8 * 1024 * 1024


class NotKept(Exception):
    """One sentence: why the server has it not."""


class TooLarge(NotKept):
    """It may go in smaller pieces."""


class Sending:
    """`sent` is told of bytes that left, `say` of what people should know."""

    def __init__(
        self,
        line: Line,
        key: tuple,
        sent: Callable[[int], None],
        say: Callable[[str], None],
    ) -> None:
        self._line, self._key = line, key
        self._sent, self._say = sent, say
        self._tries = self._failed_puts = 0
        self._largest = _LARGEST_PIECE
        self._last_puts: list = []
        self._backoff = Backoff()

    def send(self, entry: Entry, state: dict) -> None:
        """Raises NotKept, Changed, OSError, and what a line raises."""
        place = "jobs/%s/blobs/%s?attempt=%d" % (self._key[0], state["sha256"], self._key[1])
        with opened(entry) as file:
            while state.get("whole") is not True:
                state = self._step(place, file, entry, state)

    def _step(self, place: str, file: BinaryIO, entry: Entry, state: dict) -> dict:
        if state.get("wrong") is True:
            compare(entry, file.fileno())  # that would explain it
            self._once_more("%s did not arrive as it is here" % entry.path)
        if isinstance(state.get("puts"), list):
            self._put_all(file, entry, state["puts"])
            return self._ask(place, 0, b"")
        offset = state.get("offset")
        if not isinstance(offset, int) or not 0 <= offset <= entry.size:
            if state.get("checking") is True:
                self._line.wait(_CHECKING_SECONDS)
            return self._ask(place, 0, b"")
        file.seek(offset)
        piece = file.read(min(self._largest, _piece_of(state)))
        try:
            answer = self._ask(place, offset, piece)
        except TooLarge:
            if len(piece) <= _SMALLEST_PIECE:
                raise
            self._largest = len(piece) // 2  # a proxy may take less than the server
            return {"offset": offset}
        self._sent(len(piece))
        if answer.get("offset") == offset:
            compare(entry, file.fileno())
            self._once_more("the server keeps nothing of %s" % entry.path)
        return answer

    def _put_all(self, file: BinaryIO, entry: Entry, puts: list) -> None:
        places = [wanted.get("offset") for wanted in puts]
        if places == self._last_puts and not self._failed_puts:
            self._once_more("%s does not stay where it is put" % entry.path)
        self._last_puts = places
        for wanted in puts:
            try:
                put(wanted, file, self._line.check)
            except NotPut as error:
                self._not_put(error)
                return
            self._failed_puts = 0
            self._sent(int(wanted["size"]))

    def _not_put(self, error: NotPut) -> None:
        self._failed_puts += 1
        if self._failed_puts >= (_PASSING_TRIES if error.passing else _TRIES):
            raise NotKept(str(error))
        self._line.wait(self._backoff.next())

    def _once_more(self, sentence: str) -> None:
        self._tries += 1
        if self._tries >= _TRIES:
            raise NotKept(sentence)

    def _ask(self, place: str, offset: int, piece: bytes) -> dict:
        path = "%s&offset=%d" % (place, offset)
        return patiently(lambda: self._line.call(path, piece), self._say, self._line.wait)


def _piece_of(state: dict) -> int:
    piece = state.get("piece")
    return min(piece, _LARGEST_PIECE) if isinstance(piece, int) and piece > 0 else _LARGEST_PIECE


def patiently(
    call: Callable[[], dict], say: Callable[[str], None], wait: Callable[[float], None]
) -> dict:
    """The answer, also of a server that has no room for a while; raises NotKept, Refused."""
    began, told = time.monotonic(), False
    while True:
        try:
            return call()
        except Refused as error:
            if error.code == "too_large":
                raise TooLarge(str(error)) from None
            if error.code != "cannot_keep":
                raise
            if time.monotonic() - began > PATIENCE_SECONDS:
                raise NotKept(str(error)) from None
            if not told:
                say("%s Trying again for %d minutes." % (error, PATIENCE_SECONDS // 60))
            told = True
        wait(RETRY_SECONDS)
