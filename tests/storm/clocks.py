"""A clock of its own for a process: libfaketime stands between the process and the kernel."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

_LIBRARY = "vendor/libfaketime/src/libfaketime.so.1"


class OwnClock:
    """The right time until `set`; a process started with `variables()` follows within a second."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.set(0)

    def set(self, seconds: float) -> None:
        """So far from the right time: a step, at once."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{seconds:+g}\n")
        fresh.replace(self._file)

    def variables(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(_library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            # A clock that is set moves neither the steady clock nor the dates of files.
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }


def may_be_set(folder: Path) -> bool:
    """Whether it works here: the library is made for one kind of processor."""
    if _library() is None:
        return False
    clock = OwnClock(folder / "try")
    clock.set(-3600)
    command = [sys.executable, "-c", "import time; print(time.time())"]
    environment = {**os.environ, **clock.variables()}
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    right = subprocess.run(command, capture_output=True, text=True, check=True)
    return told.returncode == 0 and float(right.stdout) - float(told.stdout) > 3000


def _library() -> Path | None:
    package = importlib.util.find_spec("libfaketime")
    found = Path(str(package.origin)).parent / _LIBRARY if package else None
    return found if found and found.exists() else None
