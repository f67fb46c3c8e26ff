"""The server as people run it: `flask --app wsgi serve`, killed and begun again."""

import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from aws_simulator.machines.processes import has_ended
from tests.families import family
from tests.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class ServerProcess:
    """`settings` are variables of the environment."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        self.settings = {"HOST": "127.0.0.1", "PORT": str(self.port), **settings}
        self.process: subprocess.Popen | None = None

    def start(self, patience: float = 30) -> "ServerProcess":
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **self.settings}, stdout=log, stderr=log
            )
        eventually(self._answers, patience, "the server")
        return self

    def pids(self) -> list[int]:
        """Of all its processes."""
        return family(self.process.pid)

    def kill(self) -> None:
        everybody = self.pids()
        self.process.kill()
        self.process.wait(10)
        eventually(lambda: all(map(has_ended, everybody)), what="all its processes have ended")

    def close(self) -> None:
        if self.process and self.process.poll() is None:
            self.kill()

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return urllib.request.urlopen(self.url + "/healthz", timeout=2).status == 200
        except OSError:
            return False
