"""What the job's log says of artifacts: few lines, whatever there is."""

from __future__ import annotations

import threading
import time
from typing import Callable

SECONDS = 10.0
_MOST_LINES = 10
_UNITS = ("B", "kB", "MB", "GB", "TB")


class Telling:
    """`write` puts a line into the log."""

    def __init__(
        self,
        write: Callable[[str], None],
        files: int,
        size: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._write, self._clock = write, clock
        self._files, self._size = files, size
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._next = clock() + SECONDS
        self._read = 0  # files that are through
        self._sent = 0  # bytes

    def say(self, text: str) -> None:
        with self._writing:  # threads that send say something too
            self._write("Artifacts: " + text)

    def list(self, sentences: list[str]) -> None:
        """The first of them, and how many more there are."""
        for sentence in sentences[:_MOST_LINES]:
            self.say(sentence + ".")
        if len(sentences) > _MOST_LINES:
            self.say("and %d more like that." % (len(sentences) - _MOST_LINES))

    def has_sent(self, size: int) -> None:
        with self._lock:
            self._sent += size
            due = self._clock() >= self._next
            if due:
                self._next = self._clock() + SECONDS
        if due:
            words = (_words(self._sent), self._read, self._files)
            self.say("%s sent; %d of %d files are through." % words)

    def has_read(self, files: int) -> None:
        with self._lock:
            self._read += files

    def begin(self) -> None:
        self.say("%s to keep, %s." % (_count(self._files), _words(self._size)))

    def end(self, answer: dict) -> None:
        """What the server says it has."""
        files, size = answer.get("files"), answer.get("size")
        if isinstance(files, int) and isinstance(size, int):
            words = (_count(files), _words(size), _words(self._sent))
            self.say("%s kept, %s; %s were sent." % words)


def _count(files: int) -> str:
    return "1 file" if files == 1 else "%d files" % files


def _words(size: float) -> str:
    unit = 0
    while size >= 1000 and unit < len(_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return "%d B" % size if unit == 0 else "%.1f %s" % (size, _UNITS[unit])
