"""Archives as files: `archives/<sha[:2]>/<sha>`, the same content once."""

import fcntl
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from flask import current_app

_SHA = re.compile(r"[0-9a-f]{64}")
_PIECE = 1024 * 1024


class TooLarge(Exception):
    """More was sent than is taken."""


@dataclass(frozen=True)
class ArchiveStore:
    """`root` is made on first use. Safe with several threads and processes on one disk."""

    root: Path

    @contextmanager
    def receiving(self, source: IO[bytes], most_bytes: int) -> Iterator["Received"]:
        """What is sent, in a file that is gone after the block unless it was kept. Raises TooLarge,
        OSError."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.root, prefix="incoming-")
        try:
            with os.fdopen(handle, "wb") as file:
                sha, size = _copy(source, file, most_bytes)
            yield Received(self, Path(name), sha, size)
        finally:
            Path(name).unlink(missing_ok=True)

    def size(self, sha: str) -> int | None:
        """Bytes, None when it is not here."""
        try:
            return self.path(sha).stat().st_size
        except FileNotFoundError:
            return None

    def read(self, sha: str, offset: int, most: int) -> bytes:
        """At most `most` bytes from `offset`; empty at the end. Raises FileNotFoundError."""
        with self.path(sha).open("rb") as file:
            file.seek(offset)
            return file.read(most)

    def put(self, path: Path, sha: str) -> None:
        """Move this file to where that archive is kept; it counts as new also when it was there."""
        target = self.path(sha)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        with self._alone():
            os.utime(path)
            path.replace(target)

    def delete_unused(self, older_than: float, used: Callable[[], Set[str]]) -> int:
        """Remove what is not in `used()` and was not put here since; seconds since the epoch. How
        many."""
        if not self.root.exists():
            return 0
        with self._alone():
            needed = used()
            return sum(_unlink(path, older_than) for path in self._all() if path.name not in needed)

    def _all(self) -> list[Path]:
        kept = [path for path in self.root.glob("??/*") if _SHA.fullmatch(path.name)]
        return kept + list(self.root.glob("incoming-*"))

    def path(self, sha: str) -> Path:
        """Where it is, if it is here; raises ValueError for what is no digest."""
        if not _SHA.fullmatch(sha):
            raise ValueError("an archive is named by its SHA-256")
        return self.root / sha[:2] / sha

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.root / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


@dataclass(frozen=True)
class Received:
    """An archive that was sent, before anybody decided to keep it."""

    store: ArchiveStore
    path: Path
    sha: str
    size: int

    def keep(self) -> None:
        """From now on it is in the store; for longer than a while only if a run names it."""
        self.store.put(self.path, self.sha)


def _copy(source: IO[bytes], file: IO[bytes], most_bytes: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while piece := source.read(_PIECE):
        size += len(piece)
        if size > most_bytes:
            raise TooLarge
        digest.update(piece)
        file.write(piece)
    return digest.hexdigest(), size


def archive_store() -> ArchiveStore:
    """The archives of this installation."""
    return ArchiveStore(current_app.extensions["settings"].data_dir / "archives")


def _unlink(path: Path, older_than: float) -> bool:
    try:
        if path.stat().st_mtime >= older_than:
            return False
        path.unlink()
    except FileNotFoundError:
        return False
    return True
