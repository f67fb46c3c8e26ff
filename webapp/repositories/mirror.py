"""The server's own copy of a repository: the commits that were asked for, files only as needed."""

import fcntl
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from git_access import Opened
from git_access.tidying import tidy
from webapp.repositories.running import Bounds, GitFailed, run

FETCH = Bounds(seconds=120, most_bytes=1024**3)
# More than this on disk and it is made anew.
MIRROR_MAXIMUM = 2 * 1024**3
_PAUSE_SECONDS = 0.05
_BY_HASH_REFUSED = (b"unadvertised object", b"not allowed to request")


@dataclass(frozen=True)
class Mirror:
    """`path` is the bare repository; `way` reaches the one that it is a copy of, at `address`."""

    path: Path
    address: str
    way: Opened

    def git(
        self, *words: str, bounds: Bounds = FETCH, text: bytes = b"", **variables: str
    ) -> bytes:
        """Run git in it; raises GitFailed."""
        command = ["git", "--git-dir", str(self.path), *words]
        return run(command, {**self.way.environment, **variables}, self.path.parent, bounds, text)

    def ask(self, *words: str, bounds: Bounds, text: bytes = b"") -> bytes:
        """Run git outside of it: there may be none yet; raises GitFailed."""
        return run(["git", *words], self.way.environment, self.path.parent, bounds, text)

    def has(self, commit: str) -> bool:
        """Whether that commit is here, without asking anybody else."""
        if not self.path.exists():
            return False
        try:
            kind = self.git("cat-file", "-t", commit, GIT_NO_LAZY_FETCH="1", **_NOBODY)
        except GitFailed:
            return False
        return kind.strip() == b"commit"

    def fetch(self, commit: str, branch: str | None) -> None:
        """Make sure that the commit is here; raises GitFailed."""
        if self.has(commit):
            return
        with locked(self.path, FETCH.seconds):
            if not self.has(commit):
                self._make()
                self._fetch(commit, branch)
        if not self.has(commit):
            raise GitFailed(f"{commit[:12]} is no commit.")

    def _make(self) -> None:
        if self.path.exists() and _size(self.path) > MIRROR_MAXIMUM:
            remove(self.path)
        tidy(self.path)
        if not self.path.exists():
            self.path.mkdir(mode=0o700)
            self.git("init", "--quiet", "--bare")
        for name, value in (
            ("remote.origin.url", self.address),
            ("remote.origin.promisor", "true"),
            ("remote.origin.partialclonefilter", "blob:none"),
        ):
            self.git("config", name, value)

    def _fetch(self, commit: str, branch: str | None) -> None:
        fetch = ("fetch", "--quiet", "--no-tags", "--filter=blob:none")
        try:
            self.git(*fetch, "--depth=1", "origin", commit)
        except GitFailed as error:
            if b"not our ref" in error.output:
                raise GitFailed(f"There is no commit {commit}; was it pushed?") from None
            if not any(words in error.output for words in _BY_HASH_REFUSED):
                raise
            # A server that hands out branches only: take one whole, then all of them.
            wanted = f"refs/heads/{branch or '*'}"
            self.git(*fetch, "origin", f"+{wanted}:{wanted}")
            if branch and not self.has(commit):
                self.git(*fetch, "origin", "+refs/heads/*:refs/heads/*")


# A commit that is missing must not be fetched by looking for it, also by a git before 2.44.
_NOBODY = {"GIT_ALLOW_PROTOCOL": "none"}


@contextmanager
def locked(path: Path, seconds: float) -> Iterator[None]:
    """One fetch of a mirror at a time, in this process and others; raises GitFailed."""
    deadline = time.monotonic() + seconds
    with path.with_suffix(".lock").open("w") as file:
        while not _lock(file.fileno()):
            if time.monotonic() > deadline:
                raise GitFailed("Others have been fetching this repository for too long.")
            time.sleep(_PAUSE_SECONDS)
        yield


def remove(path: Path) -> None:
    """Forget a mirror."""
    shutil.rmtree(path, ignore_errors=True)


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _size(path: Path) -> int:
    return sum(each.lstat().st_size for each in path.rglob("*") if each.is_file())
