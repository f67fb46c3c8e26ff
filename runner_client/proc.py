"""What /proc says about processes. A process may end between any two lines here."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path
from typing import Iterator

MARKER = "DSTACK_JOB_FOLDER"


def start_time(pid: int) -> str | None:
    """When the process began, in clock ticks since boot; None when there is no such process.

    With the process id it names one process for good: ids are used again, pairs are not.
    """
    try:
        with open("/proc/%d/stat" % pid, "rb") as file:
            # The name in parentheses may hold spaces and parentheses itself.
            return file.read().rpartition(b")")[2].split()[19].decode()
    except (OSError, IndexError):
        return None


def boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def of_folder(folder: str) -> Iterator[tuple[int, str]]:
    """(process id, the folder it belongs to) of all processes that belong below `folder`.

    They carry the marker in the environment they were started with, or work below the folder:
    `env -i setsid daemon` sheds the one and rarely the other.
    """
    own = os.getpid()
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != own:
            place = _marked(name) or _works_in(name)
            if place and (place + "/").startswith(folder + "/"):
                yield int(name), place


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # gone, or not ours to kill
        os.kill(pid, signal.SIGKILL)


def signal_group(group: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody is left in it
        os.killpg(group, number)


def _marked(pid: str) -> str:
    try:
        with open("/proc/%s/environ" % pid, "rb") as file:
            environment = file.read()
    except OSError:
        return ""
    wanted = MARKER.encode() + b"="
    for item in environment.split(b"\0"):
        if item.startswith(wanted):
            return os.fsdecode(item[len(wanted) :])
    return ""


def _works_in(pid: str) -> str:
    try:
        return os.readlink("/proc/%s/cwd" % pid)
    except OSError:
        return ""
