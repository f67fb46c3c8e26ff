"""The folder of one agent: ~/.dstack, or what DSTACK_HOME names."""

from __future__ import annotations

import os
from pathlib import Path


class Home:
    """Where everything of this agent lies. Folders are 0700, files 0600."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.config = root / "runner.yaml"
        self.session = root / "session.json"
        self.status = root / "status.json"
        self.lock = root / "agent.lock"
        self.jobs = root / "jobs"

    def make(self) -> None:
        """Make the folders; raises OSError."""
        self.jobs.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The root may be older than us, or made by mkdir(parents), which forgets the mode.
        for folder in (self.root, self.jobs):
            os.chmod(folder, 0o700)


def find() -> Home:
    named = os.environ.get("DSTACK_HOME")
    return Home(Path(named).absolute() if named else Path.home() / ".dstack")


def write_private(path: Path, text: str, durable: bool = True) -> None:
    """Write a 0600 file so that a reader sees the old or the new content, never a part.

    `durable`: it must outlive a power cut too. Raises OSError.
    """
    fresh = path.with_name(path.name + ".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(handle, 0o600)
        file.write(text)
        file.flush()
        if durable:
            os.fsync(handle)
    os.replace(fresh, path)
