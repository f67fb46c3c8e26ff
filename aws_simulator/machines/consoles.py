"""What machines print, each into its own file, up to a size; one thread reads them all."""

from __future__ import annotations

import contextlib
import os
import selectors
import threading
from pathlib import Path

CHUNK = 65_536
CUT = b"\n[machine] the rest of this console is not kept\n"


class Consoles:
    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._lock = threading.Lock()
        self._wake_reading, self._wake_writing = os.pipe()
        self._selector.register(self._wake_reading, selectors.EVENT_READ, None)
        self._closed = False
        threading.Thread(target=self._work, name="consoles", daemon=True).start()

    def add(self, reading: int, path: Path, limit: int) -> None:
        """Copy from the descriptor `reading` to `path`, `limit` bytes at most."""
        with self._lock:
            self._selector.register(reading, selectors.EVENT_READ, _Copy(path, limit))
        self._wake()

    def close(self) -> None:
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        with contextlib.suppress(OSError):  # closed already: the thread is gone
            os.write(self._wake_writing, b".")

    def _work(self) -> None:
        while not self._closed:
            for key, _ in self._selector.select():
                data = os.read(key.fd, CHUNK)
                if key.data is not None:
                    self._copy(key, data)

    def _copy(self, key: selectors.SelectorKey, data: bytes) -> None:
        if data:
            key.data.write(data)
            return
        with self._lock:
            self._selector.unregister(key.fd)
        os.close(key.fd)


class _Copy:
    def __init__(self, path: Path, limit: int) -> None:
        self.path = path
        self.left = limit

    def write(self, data: bytes) -> None:
        if self.left <= 0:
            return
        kept = data[: self.left]
        self.left -= len(kept)
        if self.left <= 0:
            kept += CUT
        # The folder goes when the simulator ends, perhaps under a machine that still prints.
        with contextlib.suppress(FileNotFoundError), self.path.open("ab") as file:
            file.write(kept)
