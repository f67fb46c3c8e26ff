"""Whether a process of ours on this computer has died: while it lives it holds the lock of a file.

The kernel lets go of the lock however the process ends, so a dead leader need not be waited for.
Only what runs, or ran, under this very kernel is judged; of others nothing is known.
"""

import fcntl
import os
import uuid
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class LifeSign:
    """Ours, from now until `close` or the end of the process; `name` is told to others."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.name = f"{uuid.uuid4()}{_kernel()}"
        self._path = folder / self.name
        self._file = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def close(self) -> None:
        """We are about to end."""
        self._path.unlink(missing_ok=True)
        os.close(self._file)


def sweep(folder: Path) -> None:
    """Remove what dead processes left; from then on nothing is known of them."""
    for left in folder.iterdir():
        if has_died(folder, left.name):
            left.unlink(missing_ok=True)


def has_died(folder: Path, name: str) -> bool:
    """True only when it is certain."""
    path = folder / Path(name).name
    if not _kernel() or not name.endswith(_kernel()) or not path.is_file():
        return False
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(file)
    return True


def _kernel() -> str:
    """A mark of this run of the kernel, empty where it does not tell."""
    return f".{_BOOT_ID.read_text().strip()}" if _BOOT_ID.exists() else ""
