"""One content on its way from the server, or from where the server says, to a file."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from typing import BinaryIO, Iterator
from urllib.parse import urlsplit

from runner_client import address
from runner_client.backoff import Backoff
from runner_client.inputs.listing import Input
from runner_client.line import Line
from runner_client.preparation import CannotRun
from runner_client.wire import Wire, WireError

PIECE = 4 * 1024 * 1024
_SECONDS = 60
_TRIES = 3
_PASSING_TRIES = 20


def read_into(line: Line, key: tuple, wanted: Input, file: str) -> None:
    """Write the content to a new file, checked. Raises CannotRun, OSError, what a line raises."""
    for _ in range(_TRIES):
        hashed = hashlib.sha256()
        with _new(file, wanted.mode) as target:
            for piece in _pieces(line, key, wanted):
                hashed.update(piece)
                _write(target.fileno(), piece)
        if hashed.hexdigest() == wanted.sha256:
            return
    raise CannotRun("The input %s does not arrive as it was kept." % wanted.path)


def write_new(file: str, content: bytes, mode: int) -> None:
    """A new file with that in it; raises OSError."""
    with _new(file, mode) as target:
        _write(target.fileno(), content)


@contextmanager
def _new(file: str, mode: int) -> Iterator[BinaryIO]:
    with open(file, "wb", buffering=0) as target:
        os.fchmod(target.fileno(), mode | 0o600)
        yield target


def _write(number: int, piece: bytes) -> None:
    rest = memoryview(piece)
    while rest:
        rest = rest[os.write(number, rest) :]


def _pieces(line: Line, key: tuple, wanted: Input) -> Iterator[bytes]:
    offset = 0
    elsewhere = _Elsewhere(line, wanted.url) if wanted.url else None
    path = "jobs/%s/inputs/%s" % (key[0], wanted.sha256)
    try:
        while offset < wanted.size:
            line.check()
            size = min(PIECE, wanted.size - offset)
            if elsewhere is not None:
                piece = elsewhere.read(offset, size)
            else:
                piece = line.fetch(path, {"attempt": key[1], "offset": offset, "size": size})
            if not piece:
                return  # shorter than announced: its digest says so
            offset += len(piece)
            yield piece
    finally:
        if elsewhere is not None:
            elsewhere.close()


class _Elsewhere:
    """A store that is read by a URL, over one connection."""

    def __init__(self, line: Line, url: str) -> None:
        parts, place = urlsplit(url), address.parse(url)
        target = parts.path + ("?" + parts.query if parts.query else "")
        self._head = "GET %s HTTP/1.1\r\nHost: %s\r\nRange: bytes=%%d-%%d\r\n\r\n"
        self._head %= (target.replace("%", "%%"), place.host_header)
        self._wire, self._line = Wire(place), line

    def read(self, offset: int, size: int) -> bytes:
        backoff, tries = Backoff(), 0
        while True:
            try:
                answer = self._wire.exchange(
                    self._head % (offset, offset + size - 1), b"", _SECONDS
                )
                if answer.status == 206 or (answer.status == 200 and offset == 0):
                    return answer.body[:size]
                words, passing = "HTTP %d" % answer.status, answer.status >= 500
            except (OSError, WireError) as error:
                words, passing = str(error) or type(error).__name__, True
            tries += 1
            if tries >= (_PASSING_TRIES if passing else _TRIES):
                raise CannotRun("The store of artifacts cannot be read (%s)." % words)
            self._line.wait(backoff.next())

    def close(self) -> None:
        self._wire.close()
