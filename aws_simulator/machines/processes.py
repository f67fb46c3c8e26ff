"""Reading /proc: who is whose child, who belongs to a machine."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    pid: int
    parent: int
    name: str
    state: str  # R, S, D, T (stopped), Z (zombie) …


def all_processes() -> dict[int, Process]:
    found = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            # It may end between the listing and the reading.
            with contextlib.suppress(OSError):
                found[int(entry.name)] = _read(int(entry.name))
    return found


def _read(pid: int) -> Process:
    stat = (PROC / str(pid) / "stat").read_text("utf-8", "replace")
    # The name is in parentheses and may itself hold spaces and parentheses.
    head, _, tail = stat.rpartition(")")
    state, parent = tail.split()[:2]
    return Process(pid, int(parent), head.partition("(")[2], state)


def has_ended(pid: int) -> bool:
    """It is gone, or a zombie."""
    try:
        return _read(pid).state in "ZX"
    except OSError:
        return True


def pid_namespace(pid: int) -> int | None:
    try:
        return (PROC / str(pid) / "ns" / "pid").stat().st_ino
    except OSError:
        return None


def has_mark(pid: int, mark: bytes) -> bool:
    try:
        return mark in (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return False
