"""Liveness by polling: what a page shows has a version, and a poll that carries the current one is
answered 204.

The version is the newest event, the minute (so that anything that leaves no event is seen then),
and for lists a digest of which rows there are in which order.
"""

import zlib
from collections.abc import Iterable
from typing import NamedTuple

from flask import request

from webapp.clock import now

NOTHING_NEW = ("", 204)


class Version(NamedTuple):
    """Compared with the one that the page carries."""

    event: int
    minute: int
    rest: int = 0

    def __str__(self) -> str:
        return ".".join(map(str, self))


def version(event: int, rest: int = 0) -> Version:
    """Of this moment."""
    return Version(event, now() // 60_000, rest)


def seen() -> Version | None:
    """What the page that polls shows."""
    parts = request.args.get("v", "").split(".")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return None
    return Version(*map(int, parts))


def order_of(ids: Iterable[object]) -> int:
    """A digest of which rows there are, in which order."""
    return zlib.crc32("\n".join(map(str, ids)).encode())
