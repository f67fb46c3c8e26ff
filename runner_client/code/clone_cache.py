"""Commits that were fetched before: a bare repository for each address, below the agent's home.

What a job gets is a copy. The cache may go while the job runs, and nothing that the job does to its
own reaches the next one.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import time
from pathlib import Path
from threading import Event
from typing import Callable, Iterator

from git_access.tidying import tidy
from runner_client import folders
from runner_client.code.git_command import Git, GitFailed

MOST_BYTES = 5 * 1024**3
# On a small disk less: a tenth of it.
_PART_OF_DISK = 10
MOST_SECONDS = 30 * 24 * 3600
_PAUSE_SECONDS = 0.1
_BY_HASH_REFUSED = (b"unadvertised object", b"not allowed to request")


class CloneCache:
    """`check` is asked while another job is fetching the same repository; it may raise."""

    def __init__(self, root: Path, url: str, check: Callable[[], None]) -> None:
        self.root, self._url, self._check = root, url, check
        self.path = root / (hashlib.sha256(url.encode()).hexdigest()[:32] + ".git")

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Alone with this repository. Raises OSError, and what `check` raises."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(self.path.with_suffix(".lock"), "w") as file:
            while not _lock(file.fileno()):
                self._check()
                Event().wait(_PAUSE_SECONDS)
            yield

    def fetch(self, git: Git, commit: str, branch: str) -> bool:
        """Make sure that the commit is here; whether it had to be fetched. Raises GitFailed."""
        if not self.path.exists():
            git.run("init", "--quiet", "--bare", str(self.path))
            self.git(git, "config", "uploadpack.allowAnySHA1InWant", "true")
        tidy(self.path)
        os.utime(self.path)
        if self._has(git, commit):
            return False
        fetch = ("fetch", "--progress", "--no-tags", "--force")
        try:
            self.git(git, *fetch, "--depth=1", self._url, commit)
        except GitFailed as error:
            if not any(words in error.output for words in _BY_HASH_REFUSED):
                raise
            # A server that hands out branches only: take one whole, then all of them.
            wanted = "refs/heads/%s" % (branch or "*")
            self.git(git, *fetch, self._url, "+%s:%s" % (wanted, wanted))
            if branch and not self._has(git, commit):
                self.git(git, *fetch, self._url, "+refs/heads/*:refs/heads/*")
        return True

    def git(self, git: Git, *words: str) -> bytes:
        return git.run("--git-dir", str(self.path), *words)

    def _has(self, git: Git, commit: str) -> bool:
        try:
            self.git(git, "cat-file", "-e", commit + "^{commit}")
        except GitFailed:
            return False
        return True

    def forget(self) -> None:
        folders.remove(self.path)

    def prune(self, now: float | None = None) -> None:
        """Remove what nobody used for long, then what was used longest ago, until the rest fits."""
        moment = time.time() if now is None else now
        allowed = min(MOST_BYTES, shutil.disk_usage(self.root).total // _PART_OF_DISK)
        kept = 0
        found = [(path.stat().st_mtime, path) for path in self.root.glob("*.git")]
        for used, path in sorted(found, reverse=True):
            kept += _size(path)
            if kept > allowed or moment - used > MOST_SECONDS:
                _remove_unless_busy(path)


def _remove_unless_busy(path: Path) -> None:
    with open(path.with_suffix(".lock"), "w") as file:
        if _lock(file.fileno()):
            folders.remove(path)


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _size(path: Path) -> int:
    size = 0
    for folder, _, names in os.walk(path):
        for name in names:
            with contextlib.suppress(FileNotFoundError):  # another job prunes too
                size += os.lstat(os.path.join(folder, name)).st_size
    return size
