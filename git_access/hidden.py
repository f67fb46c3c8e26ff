"""A secret that another program of the same user can read from a path, and only for a while."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Iterator


@contextlib.contextmanager
def hidden(secret: str, fallback: Path) -> Iterator[str]:
    """The path, good until the block ends. In memory, so that nothing is left even when we are
    killed; where the system cannot do that, a 0600 file. Raises OSError."""
    content = secret.encode("utf-8")
    if not hasattr(os, "memfd_create") or not os.path.isdir("/proc/self/fd"):
        with _in_file(content, fallback) as path:
            yield path
        return
    handle = os.memfd_create("secret")
    try:
        os.fchmod(handle, 0o600)  # ssh takes no key that others could read
        os.write(handle, content)
        yield "/proc/%d/fd/%d" % (os.getpid(), handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _in_file(content: bytes, path: Path) -> Iterator[str]:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        yield str(path)
    finally:
        os.unlink(path)
