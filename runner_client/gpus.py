"""The GPUs of this machine, as nvidia-smi lists them, and which of them are free."""

from __future__ import annotations

import subprocess
import threading
from typing import NamedTuple

_QUERY = ["nvidia-smi", "--query-gpu=index,name,memory.total", "--format=csv,noheader,nounits"]


class Gpu(NamedTuple):
    index: int
    name: str
    memory_mib: int


class NoFreeGpu(Exception):
    """One sentence: how many were asked and how many are free."""


def find() -> list[Gpu]:
    """Every GPU; none when there is no nvidia-smi or it fails (as without a driver)."""
    try:
        answer = subprocess.run(_QUERY, stdout=subprocess.PIPE, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return []
    return parse(answer.stdout.decode("utf-8", "replace"))


def parse(table: str) -> list[Gpu]:
    """Lines of `0, Tesla V100-SXM2-16GB, 16160`; what does not look like that is passed over."""
    found = []
    for line in table.splitlines():
        parts = [part.strip() for part in line.split(",")]
        if len(parts) == 3 and parts[0].isdigit() and parts[2].isdigit():
            name = parts[1].replace("NVIDIA ", "").replace("Tesla ", "")
            found.append(Gpu(int(parts[0]), name, int(parts[2])))
    return found


class Allotment:
    """Who has which GPU. Shared by the threads of all jobs."""

    def __init__(self, count: int) -> None:
        self._lock = threading.Lock()
        self._free = list(range(count))
        self.any = count > 0

    def take(self, count: int) -> list[int]:
        """The numbers of `count` GPUs; raises NoFreeGpu."""
        with self._lock:
            if count > len(self._free):
                sentence = "The job asks for %d GPUs and this machine has %d free."
                raise NoFreeGpu(sentence % (count, len(self._free)))
            taken, self._free = self._free[:count], self._free[count:]
            return taken

    def give_back(self, taken: list[int]) -> None:
        with self._lock:
            self._free = sorted(self._free + taken)
