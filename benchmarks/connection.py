"""One kept-alive connection to a server on this machine, for one thread."""

import http.client
import json
import socket
from typing import Any
from urllib.parse import urlsplit


class Refused(Exception):
    """The server said no: its status and words."""


class Connection:
    """`headers` go with every request."""

    def __init__(self, url: str, headers: dict[str, str] | None = None) -> None:
        parts = urlsplit(url)
        self._http = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self.headers = headers or {}

    def post(self, path: str, body: Any) -> Any:
        """The JSON answer to a JSON body; raises Refused."""
        head = {**self.headers, "Content-Type": "application/json"}
        status, answer = self.request("POST", path, json.dumps(body).encode(), head)[:2]
        if status >= 300:
            raise Refused(f"{path}: {status} {answer.decode(errors='replace')[:500]}")
        return json.loads(answer)

    def request(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        """Status, body and headers of the answer."""
        if self._http.sock is None:
            self._http.connect()
            # Headers and body leave in two writes; without this each pair would wait for 40 ms.
            self._http.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._http.request(method, path, body or None, headers or self.headers)
        answer = self._http.getresponse()
        return answer.status, answer.read(), answer.headers

    def close(self) -> None:
        """End it."""
        self._http.close()
