"""The memory of this process, which is server and attacker in one."""

import ctypes
import gc
import resource
from pathlib import Path

WARM_UP = 3  # rounds: by then everything was imported, compiled and met once
# The attacker remembers every row of every table, a few KiB for each call that is taken.
ATTACKERS_KIB = 4
FREE_MIB = 48  # what an allocator keeps of the largest request and of fragments


class Memory:
    """`look(calls)` after each round; `leaks` when more is held than those figures explain."""

    def __init__(self) -> None:
        self._seen: list[tuple[int, int]] = []  # calls so far, MiB

    def look(self, calls: int, mib: int | None = None) -> None:
        """After so many calls; `mib` unless it is this process that is asked."""
        self._seen.append((calls, _held_mib() if mib is None else mib))

    @property
    def leaks(self) -> bool:
        """Whether it goes on growing after the warm-up."""
        calls, mib = self._grown()
        return mib > FREE_MIB + calls * ATTACKERS_KIB // 1024

    def __str__(self) -> str:
        calls, mib = self._seen[-1]
        since, grown = self._grown()
        now = f"{calls} calls so far, {mib} MiB of memory"
        return f"{now}, {grown:+} MiB in the last {since} calls" if since else now

    def _grown(self) -> tuple[int, int]:
        warm, last = self._seen[: WARM_UP + 1][-1], self._seen[-1]
        return (last[0] - warm[0], last[1] - warm[1]) if len(self._seen) > WARM_UP else (0, 0)


def _held_mib() -> int:
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # what is free but not given back is no leak
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024 // 1024
