"""Reading a file of a job, and noticing that it changed meanwhile."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import contextmanager
from typing import BinaryIO, Callable, Iterator

from runner_client.artifacts.walking import Entry

_READ_BYTES = 1024 * 1024


class Changed(Exception):
    """The file is not any more what it was; `entry` is how it is now."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.path)
        self.entry = entry


@contextmanager
def opened(entry: Entry) -> Iterator[BinaryIO]:
    """The file, if it is still as it was found; raises Changed, OSError."""
    # A link or a pipe that took its place meanwhile is not followed and not waited for.
    number = os.open(entry.file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(number, "rb", buffering=0) as file:
        compare(entry, number)
        yield file


def digest(entry: Entry, check: Callable[[], None]) -> str:
    """SHA-256 of the file; `check` may raise between two pieces. Raises Changed, OSError."""
    hashed, size = hashlib.sha256(), 0
    with opened(entry) as file:
        piece = file.read(_READ_BYTES)
        while piece:
            hashed.update(piece)
            size += len(piece)
            check()
            piece = file.read(_READ_BYTES)
        compare(entry, file.fileno())
        if size != entry.size:
            raise Changed(entry._replace(size=size))
    return hashed.hexdigest()


def compare(entry: Entry, number: int) -> None:
    """Raise Changed when the open file is not as it was found."""
    now = os.fstat(number)
    if not stat.S_ISREG(now.st_mode):
        raise OSError(0, "is no file any more")
    if (now.st_size, now.st_mtime_ns) != (entry.size, entry.mtime_ns):
        raise Changed(entry._replace(size=now.st_size, mtime_ns=now.st_mtime_ns))
