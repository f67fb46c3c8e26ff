"""Sending bytes of a file to where the server says, which may be another machine."""

from __future__ import annotations

from typing import BinaryIO, Callable, Iterator
from urllib.parse import urlsplit

from runner_client import address
from runner_client.wire import Wire, WireError

_SECONDS = 60
_PIECE = 256 * 1024


class NotPut(Exception):
    """What the other side said; `passing`: it may say something else later."""

    def __init__(self, words: str, passing: bool) -> None:
        super().__init__(words)
        self.passing = passing


def put(wanted: dict, file: BinaryIO, check: Callable[[], None]) -> None:
    """PUT `size` bytes from `offset` on; raises NotPut and what `check` raises."""
    url, size = str(wanted["url"]), int(wanted["size"])
    parts, place = urlsplit(url), address.parse(url)
    target = parts.path + ("?" + parts.query if parts.query else "")
    headers = {"Host": place.host_header, "Content-Type": "application/octet-stream"}
    headers.update(wanted.get("headers") or {})
    headers["Content-Length"] = str(size)
    lines = ["PUT %s HTTP/1.1" % target]
    lines += ["%s: %s" % (name, value) for name, value in headers.items()]
    wire = Wire(place)
    try:
        head = "\r\n".join(lines) + "\r\n\r\n"
        status = wire.exchange(head, _pieces(file, int(wanted["offset"]), size, check), _SECONDS)
    except (OSError, WireError) as error:
        raise NotPut(str(error) or type(error).__name__, True) from None
    finally:
        wire.close()
    if status.status == 412 or 200 <= status.status < 300:
        return
    passing = status.status == 429 or status.status >= 500
    raise NotPut("the store answers HTTP %d" % status.status, passing)


def _pieces(file: BinaryIO, offset: int, size: int, check: Callable[[], None]) -> Iterator[bytes]:
    file.seek(offset)
    while size:
        check()
        piece = file.read(min(_PIECE, size))
        if not piece:
            raise OSError(0, "the file became shorter")
        size -= len(piece)
        yield piece
