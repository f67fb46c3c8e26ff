"""The server in practice mode, as people start it: its AWS simulated, its machines processes."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from tests.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]


class PracticeServer:
    """`url` and `setup_url`, the one-time link for the first account, come from what it prints."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "server.log"
        self._settings = {"DATA_DIR": str(folder / "data"), "HOST": "127.0.0.1", "PORT": "0"}
        self._settings["PROCESSES"] = "1"

    def __enter__(self) -> "PracticeServer":
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--practice"]
        environment = {**os.environ, **self._settings}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        self.setup_url = eventually(self._setup_url, 60, "the server")
        self.url = self.setup_url.partition("/setup")[0]
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
            raise

    def _setup_url(self) -> str | None:
        printed = self.log.read_text()
        assert self._process.poll() is None, printed
        found = re.search(r"http://\S+/setup\?token=\S+", printed)
        return found[0] if found else None
