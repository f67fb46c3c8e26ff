"""Logs as files, one for each attempt: `<job[:2]>/<job>/<attempt>.log`, byte for byte."""

import fcntl
import os
import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LogStore:
    """`root` is made on first use. Safe with several threads and processes on one disk."""

    root: Path

    def append(self, job: str, attempt: int, offset: int, chunk: bytes, maximum: int) -> int:
        """Keep what is new of a chunk that begins at `offset`; how many bytes we hold, at most
        `maximum`. A gap keeps nothing. Reaching the maximum writes a visible mark behind it.
        Raises OSError when the disk is full; nothing half-kept is ever acknowledged twice.
        """
        path = self._path(job, attempt)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            size = os.fstat(file.fileno()).st_size
            if size >= maximum or offset > size:
                return min(size, maximum)
            new = chunk[size - offset : maximum - offset]
            file.write(new)
            if size + len(new) == maximum:
                file.write(mark(maximum))
            return min(size + len(new), maximum)

    def size(self, job: str, attempt: int) -> int:
        """Bytes there are to read, the mark included."""
        try:
            return self._path(job, attempt).stat().st_size
        except FileNotFoundError:
            return 0

    def read(self, job: str, attempt: int, offset: int, most: int) -> bytes:
        """At most `most` bytes from `offset`; empty at the end or when there is no log."""
        try:
            with self._path(job, attempt).open("rb") as file:
                file.seek(offset)
                return file.read(most)
        except FileNotFoundError:
            return b""

    def delete(self, job: str) -> None:
        """Remove the logs of all attempts of a job."""
        shutil.rmtree(self._folder(job), ignore_errors=True)

    def _path(self, job: str, attempt: int) -> Path:
        return self._folder(job) / f"{attempt}.log"

    def _folder(self, job: str) -> Path:
        if not (len(job) == 12 and set(job) <= set("0123456789abcdef")):
            raise ValueError("a job id is 12 hex digits")
        return self.root / job[:2] / job


def mark(maximum: int) -> bytes:
    """The last line of a log that was cut."""
    return f"\n[the log is cut here: {maximum} bytes are kept of one job]\n".encode()
