"""One agent at a time in one home. The kernel lets go of the lock when its holder dies."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path


class Lock:
    """Held from `take` until the process ends. The file holds the process id of the holder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> bool:
        """Whether it is ours now; raises OSError when the file cannot be made."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        # `dstack-runner status` holds it for an instant while it looks.
        if not _lock(file) and not (time.sleep(0.1) or _lock(file)):
            os.close(file)
            return False
        os.ftruncate(file, 0)
        os.write(file, b"%d\n" % os.getpid())
        self._file = file
        return True


def _lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def holder(path: Path) -> int | None:
    """The process id of the agent that runs, None when none does."""
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        text = os.read(file, 32).strip()
        return int(text) if text.isdigit() else None
    else:
        return None
    finally:
        os.close(file)
