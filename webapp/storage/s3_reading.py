"""An object of S3 as a file to read and seek in."""

import io
from collections.abc import Callable

_AHEAD = 8 * 1024 * 1024  # one request of S3 for so many bytes


class ObjectReader(io.RawIOBase):
    """`read_span(start, size)` fetches bytes; they are kept until reading goes beyond them."""

    def __init__(self, read_span: Callable[[int, int], bytes], size: int) -> None:
        self._read_span, self._size = read_span, size
        self._at, self._kept_at, self._kept = 0, 0, b""

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """No request is made for it."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """Where the next read begins."""
        return self._at

    def readinto(self, buffer) -> int:
        """Fill what can be filled from one request."""
        if self._at >= self._size:
            return 0
        place = self._at - self._kept_at
        if not 0 <= place < len(self._kept):
            most = min(max(_AHEAD, len(buffer)), self._size - self._at)
            self._kept, self._kept_at, place = self._read_span(self._at, most), self._at, 0
        piece = self._kept[place : place + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)
