"""The Pythons of this machine."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import Iterator, NamedTuple

from runner_client import environment
from runner_client.preparation import CannotRun

_ASK = "import sys; print('%d.%d.%d' % sys.version_info[:3])"


class Python(NamedTuple):
    path: str
    version: str  # such as 3.11.2


def find(wanted: str | None) -> Python:
    """The first one of that version (`3`, `3.11`, `3.11.2`); raises CannotRun."""
    there = []
    for candidate in _candidates(wanted):
        if wanted is None or (candidate.version + ".").startswith(wanted + "."):
            return candidate
        if candidate.version not in there:
            there.append(candidate.version)
    raise CannotRun(
        "This machine has no Python %s (it has %s): install it, or docker or podman."
        % (wanted, ", ".join(there))
    )


def _candidates(wanted: str | None) -> Iterator[Python]:
    names = ["python3", "python"]
    if wanted:
        names.insert(0, "python" + ".".join(wanted.split(".")[:2]))
    own = environment.base()
    for name in names:
        path = shutil.which(name, path=own["PATH"])
        version = _version(path, own) if path else None
        if path and version:
            yield Python(path, version)
    yield Python(sys.executable, "%d.%d.%d" % sys.version_info[:3])


def _version(path: str, variables: dict) -> str | None:
    try:
        done = subprocess.run(
            [path, "-c", _ASK],
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None
