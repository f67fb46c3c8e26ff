"""What the steps before a job's first command share."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

from runner_client.following import Following
from runner_client.job import Job
from runner_client.line import Line
from runner_client.process import Process
from runner_client.workplace import Workplace


class CannotRun(Exception):
    """One sentence: why there is nothing to run."""


class Preparation:
    """`line` speaks to the server, `say` to the job's log."""

    def __init__(self, job: Job, place: Workplace, line: Line, printed: Callable[[], None]) -> None:
        self.job, self.place, self.line = job, place, line
        self._printed = printed

    def say(self, text: str) -> None:
        """A line of ours in the log; raises OSError when the disk is full."""
        self.take(text.encode() + b"\n")

    def take(self, data: bytes) -> None:
        """Raw output of a step into the log."""
        self.job.spool.append(data)
        self._printed()

    def run(
        self, argv: list[str], environment: dict, cwd: Path, take: Callable[[bytes], None]
    ) -> int:
        """Run a program of ours to its end; its return code. Raises Ended, OSError."""
        process = Process(argv, self.job.folder.path, cwd, environment)
        try:
            Following(process, self.job.control).run(take)
        finally:
            process.close()
        self.line.check()
        return process.returncode
