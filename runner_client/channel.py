"""Calls of the protocol over one kept-alive connection, and what an answer means."""

from __future__ import annotations

import json
import socket
from typing import Any

from runner_client import VERSION, address, wire

BASE = "/agents/v1/"
ANSWER_SECONDS = 30
RAW = "application/octet-stream"


class Unreachable(Exception):
    """No answer, or one that is not the protocol's: the same call may be repeated later."""


class Nonsense(Unreachable):
    """Somebody answers, and it is not a server of this protocol, or something stands before it."""


class Interrupted(Exception):
    """This agent itself ended the call, to make another one."""


class Refused(Exception):
    """The server understood and says no. `status`, `code` and `answer` are the protocol's."""

    def __init__(self, status: int, code: str, message: str, answer: dict) -> None:
        super().__init__(message)
        self.status, self.code, self.answer = status, code, answer


class Channel:
    """One connection to the server, for one thread at a time."""

    def __init__(self, server: str, secret: str, session: str | None = None) -> None:
        self._wire = wire.Wire(address.parse(server))
        headers = [
            "Host: " + self._wire.address.host_header,
            "User-Agent: dstack-runner/" + VERSION,
            "Authorization: Bearer " + secret,
        ]
        if session:
            headers.append("Runner-Session: " + session)
        self._headers = "\r\n".join(headers)

    def call(self, path: str, body: Any, timeout: float = ANSWER_SECONDS) -> dict:
        """POST `body` (bytes as they are, anything else as JSON) and return the answer.

        Raises Unreachable or Refused.
        """
        return _meaning(self._post(path, body, timeout))

    def fetch(self, path: str, body: Any, timeout: float = ANSWER_SECONDS) -> bytes:
        """As `call`, for an answer that is raw bytes."""
        response = self._post(path, body, timeout)
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if 200 <= response.status < 300 and kind == RAW:
            return response.body
        _meaning(response)  # raises what the server says is wrong
        raise Nonsense("an answer that is not raw bytes (%s)" % (kind or "of no kind"))

    def interrupt(self) -> None:
        """End a call that another thread waits in; it raises Interrupted there."""
        self._wire.interrupt()

    def close(self) -> None:
        self._wire.close()

    def _post(self, path: str, body: Any, timeout: float) -> wire.Response:
        raw = isinstance(body, bytes)
        content = body if raw else json.dumps(body, separators=(",", ":")).encode()
        kind = RAW if raw else "application/json"
        head = "POST %s%s%s HTTP/1.1\r\n%s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
        where = self._wire.address.path, BASE, path
        head %= (*where, self._headers, kind, len(content))
        return self._send(head, content, timeout)

    def _send(self, head: str, content: bytes, timeout: float) -> wire.Response:
        reused = self._wire.is_open
        try:
            return self._wire.exchange(head, content, timeout)
        except (OSError, wire.WireError) as error:
            if self._wire.interrupted:
                self._wire.interrupted = False
                raise Interrupted from None
            if isinstance(error, socket.timeout):  # TimeoutError only since Python 3.10
                raise Unreachable("no answer within %g seconds" % timeout) from None
            if not reused:
                raise Unreachable(_words(error)) from None
        # The server closed a connection that had been idle. Every call may be repeated.
        return self._send(head, content, timeout)


def _words(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return text[0].lower() + text[1:]


def _meaning(response: wire.Response) -> dict:
    answer = _json_object(response.body)
    if answer is None and response.status == 413:
        # Not the server but a proxy before it; what the server would say to it is known.
        raise Refused(413, "too_large", "A proxy takes no bodies of that size.", {})
    if answer is None:
        raise Nonsense("an answer that is not this protocol's (HTTP %d)" % response.status)
    if 200 <= response.status < 300:
        return answer
    message = str(answer.get("message", "HTTP %d" % response.status))
    if response.status == 429 or not 400 <= response.status < 500:
        raise Unreachable("%s (HTTP %d)" % (message, response.status))
    raise Refused(response.status, str(answer.get("code", "")), message, answer)


def _json_object(body: bytes) -> dict | None:
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None
