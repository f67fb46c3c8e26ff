"""What one job printed, on disk until the server has it.

On disk and not held back in the pipe: a job must neither wait for a slow network nor stop when the
server is away for an hour, and must not fill the memory either. It takes at most the server's
maximum for one log; what comes after that is counted and let go.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

from runner_client.mask import Mask, Masked

# The server marks a log as cut off when it is offered a byte too many: that one must exist.
BEYOND = 4096


class Spool:
    """Written by the thread of the job, read by the one that sends."""

    def __init__(self, path: Path, maximum: int) -> None:
        self._path = path
        self._maximum = maximum + BEYOND
        self._file: int | None = None
        self._lock = threading.Lock()
        self._masked: Masked | None = None
        self.stored = 0  # bytes in the file
        self.total = 0  # bytes printed, as they are after masking
        self.full = False

    def hide(self, mask: Mask) -> None:
        """From now on nothing reaches the disk but through this mask."""
        self._masked = mask.stream()

    def append(self, data: bytes) -> None:
        """Keep what was printed; raises OSError when the disk is full."""
        self._keep(data if self._masked is None else self._masked.feed(data))

    def say(self, text: str) -> None:
        """A line of ours, which begins where a line begins."""
        self.rest()
        broken = self.stored > 0 and self.read(self.stored - 1, 1) not in (b"\n", b"")
        self.append((b"\n" if broken else b"") + text.encode("utf-8", "backslashreplace") + b"\n")

    def rest(self) -> None:
        """Nothing was printed for a moment."""
        if self._masked is not None:
            self._keep(self._masked.rest())

    def end(self) -> None:
        """Keep what the mask holds back: what was printed last ends here."""
        if self._masked is not None:
            self._keep(self._masked.end())

    def _keep(self, data: bytes) -> None:
        self.total += len(data)
        room = self._maximum - self.stored
        if self.full or room <= 0:
            return
        kept = memoryview(data)[:room]
        with self._lock:
            if self._file is None:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
            while kept:
                written = os.pwrite(self._file, kept, self.stored)
                self.stored += written
                kept = kept[written:]

    def read(self, offset: int, most: int) -> bytes:
        """At most `most` bytes from `offset` on; empty at the end."""
        file = self._file
        return b"" if file is None else os.pread(file, most, offset)

    def drop(self) -> None:
        """The server keeps no more of it: free the disk, go on counting."""
        with self._lock:
            self.full = True
            if self._file is not None:
                os.ftruncate(self._file, 0)

    def close(self) -> None:
        with self._lock:
            if self._file is not None:
                os.close(self._file)
                self._file = None
