"""How well one machine's processes can be kept together on this host.

A PID namespace takes every process with it, also daemons that called setsid. Root may make
one directly; others may where user namespaces are allowed. Otherwise processes are found
again by a mark in their environment.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

NAMESPACE = ["--pid", "--uts", "--fork", "--mount-proc", "--kill-child=KILL", "--"]


@dataclass(frozen=True)
class Isolation:
    name: str  # "pid-namespace" or "process-group"
    wrapper: tuple[str, ...] = ()

    @property
    def namespaced(self) -> bool:
        return bool(self.wrapper)


PROCESS_GROUP = Isolation("process-group")


def best() -> Isolation:
    for start in (["unshare"], ["unshare", "--user", "--map-root-user"]):
        wrapper = [*start, *NAMESPACE]
        if _works(wrapper):
            return Isolation("pid-namespace", tuple(wrapper))
    return PROCESS_GROUP


def _works(wrapper: list[str]) -> bool:
    try:
        tried = subprocess.run([*wrapper, "true"], capture_output=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return tried.returncode == 0
