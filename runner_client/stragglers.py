"""Ending what outlives its job: daemons that left the process group."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Callable

from runner_client import proc

# A process may fork while we look. Each round kills what the one before missed.
ROUNDS = 20

_log = logging.getLogger("stragglers")


def kill_below(folder: Path, spare: Callable[[str], bool] = lambda place: False) -> int:
    """SIGKILL every process that belongs below `folder`, except where `spare(its folder)`."""
    killed: set[int] = set()
    for _ in range(ROUNDS):
        found = [pid for pid, place in proc.of_folder(str(folder)) if not spare(place)]
        for pid in found:
            proc.kill(pid)
        if not set(found) - killed:  # zombies are listed until their parent looks at them
            break
        killed.update(found)
    if killed:
        _log.info("ended %d processes that outlived their job", len(killed))
    return len(killed)
