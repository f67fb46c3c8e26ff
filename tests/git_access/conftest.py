"""One command of git with what it needs to reach a repository."""

import subprocess
from pathlib import Path

import pytest

from git_access import Access, opened, sentence


class Reached:
    """What came of `git ls-remote`."""

    def __init__(self, access: Access, folder: Path) -> None:
        self.folder = folder / "private"
        with opened(access, self.folder) as way:
            self.environment = way.environment
            done = subprocess.run(
                ["git", "ls-remote", access.url],
                env=way.environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=60,
            )
            self.files = {path.name: path.read_text() for path in self.folder.iterdir()}
            self.hosts = way.hosts_seen()
        self.ok = done.returncode == 0
        self.words = "" if self.ok else sentence(done.stderr)


@pytest.fixture
def reach(tmp_path):
    """Ask the repository for its branches."""
    return lambda url, **access: Reached(Access(url, **access), tmp_path)
