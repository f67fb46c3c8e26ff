"""HTTP/1.1 over one kept-alive socket: just what the agent speaks.

`http.client` would be the obvious choice. It draws in the mail parser and, also for plain HTTP,
OpenSSL: 5 MiB of the 20 that an idle agent may use, and a tenth of a millisecond for each answer.
"""

from __future__ import annotations

import contextlib
import socket
from typing import BinaryIO, Iterable, NamedTuple

from runner_client.address import Address

CONNECT_SECONDS = 10
_LINE = 65536
_HEADERS = 200
_BODY = 16 * 1024 * 1024


class WireError(Exception):
    """The other side hung up, or what it says is not HTTP; the text says which."""


class Response(NamedTuple):
    status: int
    headers: dict
    body: bytes


class Wire:
    """One connection. Raises OSError (time-outs too) and WireError; after either it is closed."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._socket: socket.socket | None = None
        self._file: BinaryIO | None = None
        self.interrupted = False

    @property
    def is_open(self) -> bool:
        return self._socket is not None

    def exchange(self, head: str, body: bytes | Iterable[bytes], timeout: float) -> Response:
        """Send one request and read its answer; `timeout` is seconds of silence. A body in pieces
        is sent piece by piece."""
        try:
            sock = self._socket or self._connect()
            if self.interrupted:  # while it connected, when there was no socket to shut down yet
                raise WireError("interrupted")
            sock.settimeout(timeout)
            if isinstance(body, bytes):
                sock.sendall(head.encode("latin-1") + body)
            else:
                _send_pieces(sock, head, body)
            response = read_response(self._file)
        except BaseException:  # whatever it was, the rest of the connection means nothing
            self.close()
            raise
        if response.headers.get("connection", "").lower() == "close":
            self.close()
        return response

    def interrupt(self) -> None:
        """Make a thread that waits in `exchange` return at once, with an error."""
        self.interrupted = True
        sock = self._socket
        if sock is not None:
            with contextlib.suppress(OSError):  # closed in between: nobody waits any more
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        for thing in (self._file, self._socket):
            if thing is not None:
                with contextlib.suppress(OSError):  # it is being thrown away anyway
                    thing.close()
        self._socket = self._file = None

    def _connect(self) -> socket.socket:
        place = (self.address.host, self.address.port)
        sock = socket.create_connection(place, CONNECT_SECONDS)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if self.address.scheme == "https":
            sock = _with_tls(sock, self.address.host)
        self._socket, self._file = sock, sock.makefile("rb")
        return sock


def _send_pieces(sock: socket.socket, head: str, pieces: Iterable[bytes]) -> None:
    sock.sendall(head.encode("latin-1"))
    for piece in pieces:
        sock.sendall(piece)


def _with_tls(sock: socket.socket, host: str) -> socket.socket:
    import ssl  # only here: it costs 3 MiB that an agent on plain HTTP need not spend

    try:
        return ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    except OSError:
        sock.close()
        raise


def read_response(file: BinaryIO) -> Response:
    """One answer, whole. Interim answers (100 to 199) are passed over."""
    while True:
        status = _read_status(file)
        headers = _read_headers(file)
        if status >= 200:
            return Response(status, headers, _read_body(file, status, headers))


def _read_line(file: BinaryIO) -> bytes:
    line = file.readline(_LINE)
    if not line.endswith(b"\n"):
        raise WireError("the connection ended in the middle" if line else "the connection ended")
    return line.rstrip(b"\r\n")


def _read_status(file: BinaryIO) -> int:
    parts = _read_line(file).split(None, 2)
    if len(parts) < 2 or not parts[0].startswith(b"HTTP/1.") or not _is_status(parts[1]):
        raise WireError("the answer is not HTTP")
    return int(parts[1])


def _is_status(word: bytes) -> bool:
    return len(word) == 3 and word.isdigit()


def _read_headers(file: BinaryIO) -> dict:
    headers = {}
    for _ in range(_HEADERS):
        line = _read_line(file)
        if not line:
            return headers
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    raise WireError("the answer has too many headers")


def _read_body(file: BinaryIO, status: int, headers: dict) -> bytes:
    if status in (204, 304):
        return b""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return _read_chunks(file)
    if "content-length" not in headers:
        headers["connection"] = "close"
        return file.read(_BODY)
    return _read_exactly(file, _size(headers["content-length"], 10))


def _size(text: str, base: int) -> int:
    try:
        size = int(text, base)
    except ValueError:
        raise WireError("the answer has no readable length") from None
    if not 0 <= size <= _BODY:
        raise WireError("the answer has an impossible length")
    return size


def _read_exactly(file: BinaryIO, size: int) -> bytes:
    body = file.read(size)
    if len(body) < size:
        raise WireError("the connection ended in the middle")
    return body


def _read_chunks(file: BinaryIO) -> bytes:
    body = bytearray()
    while True:
        size = _size(_read_line(file).split(b";")[0].decode("latin-1"), 16)
        if size == 0:
            while _read_line(file):
                pass  # trailers, which nobody sends and nobody needs
            return bytes(body)
        body += _read_exactly(file, size)
        _size(str(len(body)), 10)
        _read_line(file)
