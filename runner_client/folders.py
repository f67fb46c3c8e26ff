"""The folder of one attempt: jobs/<job>-<attempt>/ with work/, tmp/, spool and process."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


class Folder:
    def __init__(self, jobs: Path, name: str) -> None:
        self.path = jobs / name
        self.work = self.path / "work"
        self.tmp = self.path / "tmp"
        self.spool = self.path / "spool"
        self.process = self.path / "process"

    def make(self) -> None:
        """Raises OSError. A folder of that name that is left from before goes first."""
        if self.path.exists():
            remove(self.path)
        for path in (self.path, self.work, self.tmp):
            os.mkdir(path, 0o700)


def remove(path: Path) -> bool:
    """Remove a tree with whatever modes a job gave its folders; whether it is gone."""
    if _remove_untouched(path):
        return True
    shutil.rmtree(path, ignore_errors=True)
    if path.exists():
        _open_up(path)
        shutil.rmtree(path, ignore_errors=True)
    return not path.exists()


def _remove_untouched(path: Path) -> bool:
    """Most short jobs leave their folder as they found it: a fifth of the work of `rmtree`."""
    try:
        for name in os.listdir(path):
            if name in ("work", "tmp"):
                os.rmdir(path / name)
            else:
                os.unlink(path / name)
        os.rmdir(path)
    except OSError:
        return False
    return True


def _open_up(path: Path) -> None:
    """A job may have left folders that even their owner cannot write to."""
    for folder, names, _files in os.walk(path):
        for name in [".", *names]:
            inner = os.path.join(folder, name)
            if not os.path.islink(inner):
                _make_writable(inner)


def _make_writable(folder: str) -> None:
    try:
        os.chmod(folder, 0o700)
    except OSError:  # somebody else's (a container ran as root): said by the caller
        return
