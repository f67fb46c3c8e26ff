"""A real repository on this disk, for tests that read or clone it."""

import os
import subprocess
from pathlib import Path

_IDENTITY = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_ALLOW_PROTOCOL": "file",
}


def git(folder: Path, *words: str, text: bytes = b"") -> str:
    """Run git there; what it printed."""
    variables = {"PATH": os.environ["PATH"], "HOME": str(folder), **_IDENTITY}
    done = subprocess.run(
        ["git", *words], cwd=folder, env=variables, input=text, capture_output=True, check=False
    )
    assert done.returncode == 0, (words, done.stderr.decode())
    return done.stdout.decode("utf-8", "surrogateescape")


class Repository:
    """A working copy; what is committed in it can be cloned from `url`."""

    def __init__(self, folder: Path, files: dict[str, str | bytes] | None = None) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        git(folder, "init", "--quiet", "--initial-branch=main")
        self.commit(files or {"hello.txt": "hello\n"})

    @property
    def url(self) -> str:
        """Its path."""
        return str(self.folder)

    def write(self, files: dict[str, str | bytes]) -> None:
        """Change files without committing them."""
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def commit(self, files: dict[str, str | bytes]) -> str:
        """The hash."""
        self.write(files)
        git(self.folder, "add", "--all")
        git(self.folder, "commit", "--quiet", "--allow-empty", "--message", "change")
        return self.hash()

    def hash(self, what: str = "HEAD") -> str:
        """The hash of a branch."""
        return git(self.folder, "rev-parse", what).strip()

    def branch(self, name: str) -> None:
        """Make a branch and go there."""
        git(self.folder, "checkout", "--quiet", "-b", name)

    def diff(self, *words: str) -> str:
        """What was changed since the last commit, as the published client sends it."""
        return git(self.folder, "diff", *words, "HEAD")
