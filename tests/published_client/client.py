"""The published client, unmodified; where there is no Python 3.9, its calls made by hand."""

import json
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from scripts.published_client import ABSENT, client_python
from tests.published_client.by_hand import ByHand

_DRIVER = Path(__file__).with_name("driver.py")
_PROGRAM = """
from dstack import Job, Provider
class One(Provider):
    def create_jobs(self):
        return [Job(None, commands=["echo added"], artifacts=["out"], ports=[80])]
One().start()
"""
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class Said(NamedTuple):
    """How a command ended and what it printed, colours left out."""

    code: int
    text: str


class Client:
    """`folder` is where its commands are typed, `home` where its configuration lies."""

    def __init__(self, version: str, folder: Path, home: Path) -> None:
        self.folder, self.home = folder, home
        python = client_python(version)
        self.by_hand = None if python else ByHand(version, folder)
        if python is None:
            print(ABSENT)
            return
        self.python = python
        self._process = subprocess.Popen(
            [str(python), str(_DRIVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, *words: str) -> Said:
        """One command to its end."""
        if self.by_hand:
            return Said(*self.by_hand(*words))
        variables = {"HOME": str(self.home), "GIT_CONFIG_GLOBAL": "/dev/null"}
        asked = {"words": words, "folder": str(self.folder), "variables": variables}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return Said(answer["code"], _COLOURS.sub("", answer["text"]))

    def program(self, folder: Path, workflow: dict, server: str, token: str) -> None:
        """Run a program, written with the client's library, that adds a job to its run."""
        if self.by_hand:
            self.by_hand.add_job(workflow)
            return
        (folder / "workflow.yaml").write_text(json.dumps({**workflow, "previous_job_ids": []}))
        (folder / "job-ids.csv").touch()
        variables = {"DSTACK_SERVER": f"{server}/api", "DSTACK_TOKEN": token, "REPO_PATH": "."}
        words = [str(self.python), "-c", _PROGRAM]
        subprocess.run(words, cwd=folder, env=variables, check=True, capture_output=True)

    def close(self) -> None:
        """End it."""
        if not self.by_hand:
            self._process.stdin.close()
            self._process.wait(10)
            self._process.stdout.close()
