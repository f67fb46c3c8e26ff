"""After a life that ended without a word (kill -9, power): nothing of its jobs survives."""

from __future__ import annotations

import logging
import signal
from pathlib import Path

from runner_client import container, folders, proc, stragglers
from runner_client.engines import Engine

_log = logging.getLogger("leftovers")


def clear(jobs: Path, engine: Engine | None, runner_id: str) -> None:
    """Kill all processes and containers of earlier jobs, then remove their folders.

    Called before the server hears that a new life begins: from then on it may give the same jobs
    to somebody else.
    """
    left = sorted(path for path in jobs.iterdir() if path.is_dir())
    for path in left:
        _kill_group(path / "process")
    stragglers.kill_below(jobs)
    if engine:
        container.remove_all(engine, runner_id, [path.name for path in left])
    for path in left:
        if not folders.remove(path):
            _log.warning("%s cannot be removed; its files belong to somebody else", path)
    if left:
        _log.info("cleared what was left of %d earlier jobs", len(left))


def record(path: Path, pid: int) -> None:
    """Write down a process group, so that `clear` finds it; raises OSError."""
    started = proc.start_time(pid)
    path.write_text("%d %s %s\n" % (pid, started, proc.boot_id()), encoding="ascii")


def _kill_group(path: Path) -> None:
    try:
        pid, started, boot = path.read_text(encoding="ascii").split()
    except (OSError, ValueError):  # the agent died before it was written: the marker finds them
        return
    # The id of a group that still has members is not given to a new process, but after a restart
    # of the machine, or when all of them are gone, it may be anybody's.
    if boot == proc.boot_id() and proc.start_time(int(pid)) in (started, None):
        proc.signal_group(int(pid), signal.SIGKILL)
