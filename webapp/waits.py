"""Requests that wait for something to happen, without a thread wherever the server can do without.

A view that has nothing to say yet answers what it would say at the end, and asks to `stay`. That
answer is kept. When the bell of the wait rings before its time is over, the request is looked at
anew, from its beginning: whoever lost a right meanwhile is refused. Otherwise the answer leaves as
it was. The embedded server holds nothing but the connection meanwhile (waiting_room.py): two
thousand threads would be most of its memory. Under any other server a thread waits.
"""

import io
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import Flask, Response, request

from webapp.bell import Bell

#: A server that needs no thread to wait says here for what this request has waited, or None.
WAITED = "webapp.waited"
_LOOK = "webapp.look"


class Answer(NamedTuple):
    """What is kept, as WSGI has it."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(eq=False)
class Wait:
    """One request that waits; `until` is of time.monotonic(), and `body` is what it asked."""

    until: float
    body: Any = None
    bell: Bell = field(default_factory=Bell)
    is_over: bool = False  # the answer that is kept leaves
    answer: Answer | None = None

    def end(self) -> None:
        """From any thread: it has waited long enough."""
        self.is_over = True
        self.bell.set()

    def leave(self) -> None:
        """Called when the request is being answered."""


class Stays(BaseException):
    """No error, and for nobody on the way to catch: this request is not answered yet."""

    def __init__(self, wait: Wait) -> None:
        super().__init__()
        self.wait = wait


@dataclass
class _Look:
    """One look at a request; the first has no wait before it."""

    wait: Any
    is_first: bool
    stays: bool = False


def waited() -> Any:
    """The Wait of this request, if this is not the first look at it."""
    look: _Look = request.environ[_LOOK]
    return None if look.is_first else look.wait


def begin(wait: Wait) -> None:
    """This request will wait, if it comes to that."""
    request.environ[_LOOK].wait = wait


def stay(response: Response) -> Response:
    """Keep this answer until the wait is over."""
    request.environ[_LOOK].stays = True
    return response


def listen(app: Flask) -> None:
    """Let requests of this application wait; outermost, because who waits takes no turn."""
    inner: Callable[..., Any] = app.wsgi_app

    def wsgi_app(environ: dict[str, Any], start_response: Any) -> Any:
        wait = environ.get(WAITED)
        while wait is None or not wait.is_over:
            look, parts = _look(inner, environ, start_response, wait)
            if not look.stays:
                return parts
            wait = look.wait
            if WAITED in environ:
                raise Stays(wait)
            if not wait.bell.wait(wait.until - time.monotonic()):
                wait.is_over = True
        return _give(wait, start_response)

    app.wsgi_app = wsgi_app  # type: ignore[method-assign]


def _look(
    inner: Callable[..., Any], environ: dict[str, Any], start_response: Any, wait: Wait | None
) -> tuple[_Look, Any]:
    look, told = _Look(wait, is_first=wait is None), list[Any]()
    given = {**environ, _LOOK: look}
    if wait:
        given |= {"wsgi.input": io.BytesIO(), "CONTENT_LENGTH": "0"}  # it has been read
    try:
        parts = inner(given, lambda *words: told.extend(words))
        if look.stays:
            look.wait.answer = Answer(*told, _whole(parts))
        else:
            start_response(*told)
    finally:
        if look.wait and not look.stays:
            look.wait.leave()
    return look, parts


def _whole(parts: Any) -> bytes:
    with closing(parts):
        return b"".join(parts)


def _give(wait: Any, start_response: Any) -> list[bytes]:
    wait.leave()
    start_response(wait.answer.status, wait.answer.headers)
    return [wait.answer.body]
