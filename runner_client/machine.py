"""What this machine has, as the server hears it when the agent starts."""

from __future__ import annotations

import os
import platform
import shutil
import socket
from pathlib import Path
from typing import NamedTuple

from runner_client.engines import Engine
from runner_client.gpus import Gpu

_MIB = 1024 * 1024
# cgroup v1 says "no limit" with a number near 2^63.
_NO_LIMIT = 1 << 60


class Machine(NamedTuple):
    """What was found once, when the agent started."""

    engine: Engine | None
    gpus: list[Gpu]
    instance_id: str | None


def facts(machine: Machine, folder: Path, root: Path = Path("/")) -> dict:
    """The object `machine` of the protocol; `folder` is where jobs will write."""
    engine = machine.engine
    return {
        "hostname": socket.gethostname(),
        "os": _os_name(root),
        "arch": platform.machine(),
        "cpu_milli": cpu_milli(root),
        "memory_mib": memory_mib(root),
        "disk_free_mib": disk_free_mib(folder),
        "gpus": [{"name": gpu.name, "memory_mib": gpu.memory_mib} for gpu in machine.gpus],
        "container_engine": engine.name if engine else None,
        "python": platform.python_version(),
        "instance_id": machine.instance_id,
    }


def cpu_milli(root: Path = Path("/")) -> int:
    """Thousandths of a processor: those we may be scheduled on, less what a cgroup holds back."""
    count = len(os.sched_getaffinity(0)) * 1000
    quota, _, period = _text(root / "sys/fs/cgroup/cpu.max").partition(" ")
    if not quota:
        quota = _text(root / "sys/fs/cgroup/cpu/cpu.cfs_quota_us")
        period = _text(root / "sys/fs/cgroup/cpu/cpu.cfs_period_us")
    if quota.isdigit() and period.isdigit() and int(period):
        count = min(count, int(quota) * 1000 // int(period))
    return max(1, count)


def memory_mib(root: Path = Path("/")) -> int:
    """The memory of the machine, or of the cgroup we live in when that is less."""
    total = 0
    for line in _text(root / "proc/meminfo").splitlines():
        if line.startswith("MemTotal:"):
            total = int(line.split()[1]) * 1024
    for name in ("memory.max", "memory/memory.limit_in_bytes"):
        limit = _text(root / "sys/fs/cgroup" / name)
        if limit.isdigit() and int(limit) < _NO_LIMIT:
            total = min(total, int(limit))
    return total // _MIB


def disk_free_mib(folder: Path) -> int:
    return shutil.disk_usage(folder).free // _MIB


def _os_name(root: Path) -> str:
    for line in _text(root / "etc/os-release").splitlines():
        if line.startswith("PRETTY_NAME="):
            return line.partition("=")[2].strip("\"'")
    return platform.system()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:  # another kernel, another layout: the next source or no limit
        return ""
