"""One process in a session of its own, with stdout and stderr in one pipe."""

from __future__ import annotations

import os
import select
import signal
import subprocess
from pathlib import Path

from runner_client import proc, stragglers

# As much as a pipe holds, and still below what malloc maps and unmaps each time.
READ_BYTES = 65536


class Process:
    """A pipe and not a file: `> /dev/stderr` in a job would cut a file off at its beginning."""

    def __init__(
        self,
        argv: list[str],
        folder: Path,
        cwd: Path,
        environment: dict,
        stdin: int | None = None,
    ) -> None:
        """Start it, with nothing to read unless `stdin` is given; raises OSError."""
        self.folder = folder
        self._output, theirs = os.pipe()
        try:
            self._child = subprocess.Popen(
                argv,
                cwd=str(cwd),
                env=environment,
                stdin=subprocess.DEVNULL if stdin is None else stdin,
                stdout=theirs,
                stderr=theirs,
                start_new_session=True,
            )
        except BaseException:
            os.close(self._output)
            raise
        finally:
            os.close(theirs)
        self._ready = select.poll()
        self._ready.register(self._output, select.POLLIN | select.POLLHUP)

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def returncode(self) -> int:
        return self._child.returncode

    def read(self, seconds: float) -> bytes | None:
        """What was printed; b"" when nobody can print any more, None after `seconds` of silence."""
        if not self._ready.poll(seconds * 1000):
            return None
        return os.read(self._output, READ_BYTES)

    def has_ended(self, seconds: float = 0) -> bool:
        """Whether the first process has ended; waits for it up to `seconds`."""
        if seconds == 0:
            return self._child.poll() is not None
        try:
            self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def signal(self, number: int) -> None:
        """Send a signal to everybody in the group."""
        if number == signal.SIGKILL:
            self.kill_everything()
        else:
            proc.signal_group(self.pid, number)

    def kill_everything(self) -> None:
        """The group, and who left it but belongs to this job's folder."""
        # While the first process is not waited for, its number cannot be somebody else's.
        proc.signal_group(self.pid, signal.SIGKILL)
        stragglers.kill_below(self.folder)

    def close(self) -> None:
        os.close(self._output)
