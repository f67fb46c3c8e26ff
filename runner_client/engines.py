"""The container engine of this machine: the command line of docker or podman."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import NamedTuple


class Engine(NamedTuple):
    name: str  # docker | podman
    path: str


def find() -> Engine | None:
    """Docker before podman; the first that answers. A client without its service is no engine.

    They are asked for a list, which takes a fraction of the time of `info`.
    """
    for name in ("docker", "podman"):
        path = shutil.which(name)
        if path and _answers(path):
            # `docker` is podman under another name on many a Fedora; its options are podman's.
            real = "podman" if "podman" in os.path.realpath(path) else name
            return Engine(real, path)
    return None


def _answers(path: str) -> bool:
    try:
        done = subprocess.run(
            [path, "ps", "--quiet", "--last", "1"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
