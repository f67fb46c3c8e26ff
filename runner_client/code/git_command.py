"""git as a step of a job: its words go into the error, its progress into few lines of the log."""

from __future__ import annotations

import re
import time
from pathlib import Path

from git_access import sentence
from runner_client import proc
from runner_client.preparation import CannotRun, Preparation

_KEPT = 16 * 1024
# How often the log hears of a fetch that takes long.
PROGRESS_SECONDS = 10
_PROGRESS = re.compile(rb"(?:Receiving|Resolving|Counting|Updating|Filtering)[^\r\n]*%[^\r\n]*")


class GitFailed(CannotRun):
    """One sentence; `output` is the end of all that git printed."""

    def __init__(self, text: str, output: bytes) -> None:
        super().__init__(text)
        self.output = output


class Git:
    """Runs git with one environment; an order to end the job ends git at once."""

    def __init__(self, preparation: Preparation, variables: dict) -> None:
        folder = preparation.job.folder.path
        self._preparation, self._cwd = preparation, folder
        # What is left of it after a life that ended without a word is found and ended by this.
        self._variables = {**variables, proc.MARKER: str(folder)}

    def run(self, *words: str, cwd: Path | None = None, **variables: str) -> bytes:
        """The end of what it printed, both outputs in one. Raises GitFailed, Ended, OSError."""
        output = _Output(self._preparation)
        argv = ["git", *words]
        environment = {**self._variables, **variables}
        code = self._preparation.run(argv, environment, cwd or self._cwd, output.take)
        if code != 0:
            raise GitFailed(sentence(output.end), output.end)
        return output.end


class _Output:
    def __init__(self, preparation: Preparation) -> None:
        self._preparation = preparation
        self._next_line = time.monotonic() + PROGRESS_SECONDS
        self.end = b""

    def take(self, data: bytes) -> None:
        self.end = (self.end + data)[-_KEPT:]
        if time.monotonic() < self._next_line:
            return
        found = _PROGRESS.findall(self.end)
        if found:
            self._next_line = time.monotonic() + PROGRESS_SECONDS
            self._preparation.say("  " + found[-1].decode("utf-8", "replace").strip())
