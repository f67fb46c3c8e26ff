"""The Runners page with a thousand rows, and its poll when nothing is new, over a socket."""

import asyncio
import re
import tempfile
import time
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.connection import Connection
from benchmarks.crowd import Crowd
from benchmarks.figures import Figure, milliseconds, percentile
from benchmarks.processes import NotThere
from benchmarks.server import PERSON, Server, serving

FIELD = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
_POLL = re.compile(rb'hx-get="(/[a-z]+/changes[^"]*)"')
_TRIES = 20  # a minute that ends in between makes one poll carry news


def measure(rows: int = 1000, times: int = 40, polls: int = 300) -> Iterator[Figure]:
    """Medians of `times` whole pages and `polls` unchanged polls."""
    # The rows only stand there: nobody may become lost in the middle.
    settings = {"LEASE_SECONDS": "3600"}
    with tempfile.TemporaryDirectory() as name, serving(Path(name), settings=settings) as server:
        asyncio.run(Crowd(server.url, server.token, rows).pass_by())
        person = browser(server)
        pages = [_timed(person, "/runners", 200)[0] for _ in range(times)]
        size = len(_timed(person, "/runners", 200)[1])
        unchanged = [_poll(person) for _ in range(polls)]
    yield Figure("pages.runners_size", size / 1024, "KiB")
    yield Figure("pages.runners_p50", percentile(pages, 50), "ms", at_most=60)
    yield Figure("pages.poll_p50", percentile(unchanged, 50), "ms", at_most=3)


def browser(server: Server) -> Connection:
    """A connection with a session."""
    connection = Connection(server.url)
    _, body, headers = connection.request("GET", "/login")
    connection.headers = _cookie(headers)
    field = FIELD.search(body)
    form = {"name": PERSON, "password": server.password}
    form |= {"csrf_token": field[1].decode()} if field else {}
    kind = {"Content-Type": "application/x-www-form-urlencoded", **connection.headers}
    status, _, headers = connection.request("POST", "/login", urlencode(form).encode(), kind)
    if status != 303:
        raise NotThere(f"a session: the login answered {status}")
    connection.headers = _cookie(headers)
    return connection


def _cookie(headers) -> dict[str, str]:
    cookies = SimpleCookie(headers.get("Set-Cookie", ""))
    return {"Cookie": "; ".join(f"{name}={each.value}" for name, each in cookies.items())}


def _timed(browser: Connection, path: str, expected: int) -> tuple[float, bytes]:
    began = time.perf_counter()
    status, body, _ = browser.request("GET", path)
    took = milliseconds(time.perf_counter() - began)
    if status != expected:
        raise NotThere(f"{path}: {status} instead of {expected}")
    return took, body


def _poll(browser: Connection, known: dict[str, str] = {}) -> float:  # noqa: B006 - the last page's
    for _ in range(_TRIES):
        if path := known.get("path"):
            began = time.perf_counter()
            if browser.request("GET", path)[0] == 204:
                return milliseconds(time.perf_counter() - began)
        body = _timed(browser, "/runners", 200)[1]
        known["path"] = poll_path(body)
    raise NotThere("an unchanged poll")


def poll_path(page: bytes) -> str:
    """What a page asks to learn what is new; raises NotThere."""
    found = _POLL.search(page)
    if found is None:
        raise NotThere("the poll of the page")
    return found[1].decode().replace("&amp;", "&")
