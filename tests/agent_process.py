"""The real agent for tests: the zip application that the server hands out, as its own process."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tests.waiting import eventually
from webapp.install.archive import archive


class AgentProcess:
    """One agent with a home of its own; `python` is the interpreter that runs it."""

    def __init__(self, folder: Path, python: str = sys.executable, **variables: str) -> None:
        self.home = folder / "home"
        self.file = folder / "dstack-runner.pyz"
        self.log = folder / "agent.log"
        self.python = python
        folder.mkdir(parents=True, exist_ok=True)
        self.file.write_bytes(archive().content)
        self.variables = {"DSTACK_HOME": str(self.home), **variables}
        self.process: subprocess.Popen | None = None

    def run(self, *words: str, stdin: str = "", **variables: str) -> subprocess.CompletedProcess:
        """One command of the agent, to its end."""
        return subprocess.run(
            [self.python, "-IS", str(self.file), *words],
            env={**self._base(), **variables},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def config(self, url: str, token: str, *words: str) -> "AgentProcess":
        done = self.run("config", "--server", url, *words, DSTACK_TOKEN=token)
        assert done.returncode == 0, done.stderr
        return self

    def start(self, *words: str, **variables: str) -> "AgentProcess":
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.python, "-IS", str(self.file), "start", *words],
                env={**self._base(), **variables},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    def status(self) -> dict:
        return json.loads(self.run("status", "--json").stdout or "{}")

    def is_live(self) -> bool:
        return "is live at" in self.words()

    def words(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def ended(self, seconds: float = 30) -> int:
        """The exit code."""
        return self.process.wait(seconds)

    def jobs_left(self) -> list[str]:
        return sorted(path.name for path in (self.home / "jobs").iterdir())

    def close(self) -> None:
        """End it and all that its jobs left."""
        if self.process and self.process.poll() is None:
            for seconds in (0.3, 1):  # one without jobs ends at the first signal
                self.process.send_signal(signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(seconds)
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait(10)
        shutil.rmtree(self.home, ignore_errors=True)

    def _base(self) -> dict[str, str]:
        kept = ("PATH", "LANG", "CONTAINERS_CONF")
        base = {name: os.environ[name] for name in kept if name in os.environ}
        return {**base, "HOME": str(self.home.parent), **self.variables}


def processes_with(text: str) -> list[int]:
    """Process ids whose command line holds the text; for proving that nothing survived."""
    found = []
    for path in Path("/proc").iterdir():
        with contextlib.suppress(OSError):  # it ended while we looked
            if path.name.isdigit() and text.encode() in (path / "cmdline").read_bytes():
                found.append(int(path.name))
    return found


def gone(text: str) -> None:
    """Fails when such a process is still there after a while."""
    eventually(lambda: not processes_with(text), what=f"no process with {text}")
