"""The demo's server: practice mode, in the data directory of the demo."""

import os
import secrets
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

from scripts.demo.children import Child, flask, run

_PATIENCE_SECONDS = 60
PERSON = "demo"


class DemoServer:
    """`url`, and one admin with `password` and `token`."""

    def __init__(self, folder: Path) -> None:
        host = os.environ.get("HOST") or "127.0.0.1"
        port = chosen_port(host, os.environ.get("PORT"))
        self.environment = {
            "HOST": host,
            "PORT": port,
            "ALLOW_LOCAL_REPOS": "1",  # the sample project's lies in the folder of the demo
            "DATA_DIR": os.environ.get("DATA_DIR") or str(folder / "data"),
        }
        here = "127.0.0.1" if host in ("0.0.0.0", "::") else host
        self.url = os.environ.get("PUBLIC_URL", "").rstrip("/") or f"http://{here}:{port}"
        self.password = secrets.token_urlsafe(9)
        self.token = ""
        self._local = f"http://{here}:{port}"
        self._child = Child(flask("serve", "--practice"), folder / "server.log", self.environment)

    def wait(self) -> None:
        """Until it is ready; raises SystemExit with its words when it is not to be."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not self._ready():
            self._child.check()
            if time.monotonic() > deadline:
                raise SystemExit(f"The server was not ready within {_PATIENCE_SECONDS} s.")
            time.sleep(0.1)

    def add_person(self) -> None:
        """The admin that the demo acts as; an earlier demo's gets a new password."""
        known = PERSON in run(flask("user", "list"), self.environment).split()
        if known:
            command = flask("user", "password", PERSON, "--password-stdin")
        else:
            about = ("--email", "demo@example.org", "--role", "admin", "--password-stdin")
            command = flask("user", "create", PERSON, *about)
        run(command, self.environment, text=self.password + "\n")
        self.token = run(flask("user", "token", PERSON), self.environment).strip()

    def stop(self) -> None:
        """End it and its practice AWS."""
        self._child.stop()

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(self._local + "/readyz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False


def chosen_port(host: str, wanted: str | None) -> str:
    """What PORT says. The demo has to know it, so for 0 it is a free one; without PORT it is 8000
    when that is free."""
    if wanted and int(wanted):
        return wanted
    return str(_free_port(host, (0,) if wanted else (8000, 0)))


def _free_port(host: str, tried: tuple[int, ...]) -> int:
    for port in tried:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    return 8000
