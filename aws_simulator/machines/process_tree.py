"""All processes of one machine, started, signalled, frozen and killed as one."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from aws_simulator.machines.isolation import Isolation
from aws_simulator.machines.processes import (
    Process,
    all_processes,
    has_ended,
    has_mark,
    pid_namespace,
)

INIT = Path(__file__).with_name("init.sh")
MARK = "SIMULATED_MACHINE"
DEADLINE = 5.0  # seconds for the kernel to bury what was killed


class ProcessTree:
    def __init__(self, isolation: Isolation, machine_id: str) -> None:
        self.isolation = isolation
        self.mark = f"{MARK}={machine_id}".encode()
        self._keeper: subprocess.Popen[bytes] | None = None

    def start(self, command: list[str], folder: Path, environment: Mapping[str, str]) -> int:
        """Start; returns a file descriptor from which everything printed can be read."""
        reading, writing = os.pipe()
        try:
            self._keeper = subprocess.Popen(
                [*self.isolation.wrapper, "/bin/sh", str(INIT), *command],
                cwd=folder,
                env=dict(environment),
                # Our end of this pipe is the machine's life: it closes when we die, too.
                stdin=subprocess.PIPE,
                stdout=writing,
                stderr=writing,
                start_new_session=True,
            )
        finally:
            os.close(writing)
        return reading

    @property
    def pid(self) -> int | None:
        return self._keeper.pid if self._keeper else None

    @property
    def alive(self) -> bool:
        return self._keeper is not None and self._keeper.poll() is None

    def members(self) -> list[Process]:
        """The machine's own processes, without those that keep it together."""
        if self._keeper is None:
            return []
        everything = all_processes()
        init = self._init(everything)
        inside = self._inside(init)
        keepers = {self._keeper.pid, init}
        return [
            process
            for process in everything.values()
            if process.pid not in keepers
            and process.state != "Z"
            and not (process.parent == init and process.name == "cat")
            and inside(process.pid)
        ]

    def _init(self, everything: Mapping[int, Process]) -> int:
        keeper = self._keeper.pid if self._keeper else 0
        if not self.isolation.namespaced:
            return keeper
        return next((p.pid for p in everything.values() if p.parent == keeper), 0)

    def _inside(self, init: int) -> Callable[[int], bool]:
        if not self.isolation.namespaced:
            return lambda pid: has_mark(pid, self.mark)
        namespace = pid_namespace(init)
        return lambda pid: namespace is not None and pid_namespace(pid) == namespace

    def signal(self, number: signal.Signals) -> None:
        for process in self.members():
            _send(process.pid, number)

    def freeze(self) -> None:
        """Stop every process, also those that are born while we go through them."""
        deadline = time.monotonic() + DEADLINE
        while time.monotonic() < deadline:
            moving = [p for p in self.members() if p.state not in "Tt"]
            if not moving:
                return
            for process in moving:
                _send(process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        self.signal(signal.SIGCONT)

    def kill(self) -> None:
        """Nothing is left of it when this returns."""
        if self._keeper is None:
            return
        # Asked while there is somebody to ask.
        init = self._init(all_processes()) if self.isolation.namespaced else 0
        with contextlib.suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(self._keeper.pid, signal.SIGKILL)
        with contextlib.suppress(BrokenPipeError):  # nobody reads there any more
            self._keeper.stdin.close() if self._keeper.stdin else None
        self._keeper.wait(DEADLINE)
        if self.isolation.namespaced:
            _wait_for_end(init)
        else:
            self._sweep()

    def _sweep(self) -> None:
        """Until nobody has the mark. Twice: in the middle of its `exec` a process shows none."""
        deadline = time.monotonic() + DEADLINE
        empty = 0
        while empty < 2 and time.monotonic() < deadline:
            left = [pid for pid in all_processes() if has_mark(pid, self.mark)]
            for pid in left:
                _send(pid, signal.SIGKILL)
            empty = 0 if left else empty + 1


def _wait_for_end(init: int) -> None:
    """The first process of a namespace ends when the kernel has buried all others."""
    deadline = time.monotonic() + DEADLINE
    while init and not has_ended(init) and time.monotonic() < deadline:
        time.sleep(0.002)


def _send(pid: int, number: signal.Signals) -> None:
    # It may have ended a moment ago; then there is nobody to tell.
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
