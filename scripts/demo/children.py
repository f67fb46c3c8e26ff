"""Programs that the demo starts and never leaves behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_PATIENCE_SECONDS = 20


class Child:
    """A program in a session of its own, so that Ctrl-C in the terminal is for the demo alone."""

    def __init__(self, command: list[str], log: Path, environment: Mapping[str, str]) -> None:
        self.command, self.log = command, log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **environment},
                start_new_session=True,
            )

    def check(self) -> None:
        """Raise SystemExit with the end of its output when it has ended."""
        if self.process.poll() is not None:
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
            raise SystemExit(f"{' '.join(self.command)} ended:\n{tail}")

    def stop(self) -> None:
        """Ask it to end, then insist."""
        if self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def run(command: list[str], environment: Mapping[str, str], text: str = "") -> str:
    """Output of a command; raises SystemExit with its words when it fails."""
    done = subprocess.run(
        command,
        input=text,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def flask(*words: str) -> list[str]:
    """The server's own command line."""
    return [sys.executable, "-m", "flask", "--app", "wsgi", *words]
