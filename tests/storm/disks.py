"""Small disks of their own, so that a full one is really full."""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

_ALONE = "STORM_MOUNTS"
_PIECE = bytes(1 << 16)


class SmallDisk:
    """A file system in memory, mounted at `folder`."""

    def __init__(self, folder: Path, mib: int) -> None:
        folder.mkdir(mode=0o700, parents=True)
        self._folder, self._filler = folder, folder / "filler"
        size = f"size={mib}m,mode=700"
        subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], check=True)

    def fill(self) -> None:
        """To the last byte."""
        try:
            with self._filler.open("ab", buffering=0) as file:
                while file.write(_PIECE):
                    pass
        except OSError:
            return

    def free(self) -> None:
        self._filler.unlink(missing_ok=True)

    def close(self) -> None:
        kept = self._folder.with_name(self._folder.name + "-kept")
        with contextlib.suppress(shutil.Error):  # of what vanished meanwhile
            shutil.copytree(self._folder, kept, symlinks=True)
        subprocess.run(["umount", "-l", self._folder], check=False)


def may_mount() -> bool:
    """Whether this process has mounts of its own, which end with it."""
    return _ALONE in os.environ


def begin_alone(module: str) -> None:
    """Begin this program once more, where it may mount; does nothing where that is forbidden."""
    if os.geteuid() != 0 and "TEST_POSTGRES_DATA" in os.environ:
        return  # it belongs to us as we are, and not to the root that we would seem to be
    unshare = ["unshare", "--mount"] + ["--user", "--map-root-user"] * (os.geteuid() != 0)
    allowed = subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode == 0
    if allowed and not may_mount():
        os.environ[_ALONE] = "yes"
        os.execvp(unshare[0], [*unshare, sys.executable, "-m", module, *sys.argv[1:]])
