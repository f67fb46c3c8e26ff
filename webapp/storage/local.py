"""Artifacts as files. Contents lie under names of our own in `.content`; `<user>/<run>/<job>/`
shows them to people as hard links: made anew or removed without touching any content."""

import contextlib
import errno
import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from webapp.storage.content import CannotKeep, Content, Next, Place
from webapp.storage.keys import key_of
from webapp.storage.room import free_bytes

CONTENT = ".content"
RESERVE = 256 * 1024 * 1024  # left for the database and for logs
_LARGE = 1024 * 1024
_MANY = 32
_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class LocalStore:
    """`root` is made on first use. Safe with several threads and processes on one disk."""

    root: Path
    name: str = "local"

    def new_key(self, place: Place, path: str, sha256: str) -> str:
        """Where a new content goes: never twice the same, so nothing is ever overwritten."""
        return f"{CONTENT}/{sha256[:2]}/{sha256}-{secrets.token_hex(4)}"

    def receive(self, content: Content, offset: int, chunk: bytes) -> Next:
        """Keep what is new of a piece that begins at `offset`. Raises CannotKeep."""
        try:
            held = self._append(content, offset, chunk)
        except OSError as error:
            raise _cannot(error) from error
        return Next(arrived=True) if held == content.size else Next(offset=held)

    def digest(self, content: Content) -> str:
        """SHA-256 of what is there."""
        with self._path(content.key).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def settle(self, content: Content) -> None:
        """It was checked: keep it from being written to, and a large one through a power failure.
        (For small ones `secure` does that for many at once.)"""
        with self._path(content.key).open("rb") as file:
            os.fchmod(file.fileno(), 0o440)
            if content.size >= _LARGE:
                os.fsync(file.fileno())

    def secure(self, contents: Collection[Content]) -> None:
        """Let the small ones among these outlast a power failure too."""
        small = [content for content in contents if content.size < _LARGE]
        if len(small) > _MANY:  # one by one each would cost milliseconds
            os.sync()
            return
        for content in small:
            with self._path(content.key).open("rb") as file:
                os.fsync(file.fileno())

    def open(self, content: Content) -> BinaryIO:
        """To read and seek in. Raises CannotKeep."""
        try:
            return self._path(content.key).open("rb")
        except OSError as error:
            raise _cannot(error) from error

    def url(self, content: Content) -> str | None:
        """Files are read through the server only."""
        return None

    def delete(self, content: Content) -> None:
        """Whatever is there of it."""
        self._path(content.key).unlink(missing_ok=True)

    def show(self, place: Place, files: Iterable[tuple[str, str]]) -> None:
        """Let people see these (path, key) under `<user>/<run>/<job>/`, instead of what was there.

        Two paths that cannot be there both (`a` and `a/b`) are no reason to fail: this is a view.
        """
        self.hide(place)
        for path, key in files:
            with contextlib.suppress(OSError):
                self._link(self._path(key), self.root / key_of(place, path))

    def hide(self, place: Place) -> None:
        """Nothing of this job is shown, nor its run's folder when that is empty."""
        folder = self.root / place.user / place.run
        shutil.rmtree(folder / place.job, ignore_errors=True)
        with contextlib.suppress(OSError):  # other jobs are shown there
            folder.rmdir()

    def shown(self) -> list[Place]:
        """Of which jobs something is shown."""
        return [Place(*path.parts[-3:]) for path in self.root.glob("[!.]*/*/*")]

    def _link(self, content: Path, shown: Path) -> None:
        shown.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            os.link(content, shown)
        except OSError:  # no hard links here, or more of them than a file may have
            shown.symlink_to(os.path.relpath(content, shown.parent))

    def _leave_room(self, size: int) -> None:
        if free_bytes(self.root.parent) < size + RESERVE:
            raise OSError(errno.ENOSPC, "only the reserve is left")

    def _append(self, content: Content, offset: int, chunk: bytes) -> int:
        path = self._path(content.key)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            size = os.fstat(file.fileno()).st_size
            if offset > size:
                return size
            new = chunk[size - offset : content.size - offset]
            self._leave_room(len(new))
            file.write(new)
            return size + len(new)

    def _path(self, key: str) -> Path:
        return self.root / key


def _cannot(error: OSError) -> CannotKeep:
    if error.errno in _FULL:
        return CannotKeep("The server's disk is full.")
    return CannotKeep(f"The server's store of artifacts: {error.strerror or error}.")
