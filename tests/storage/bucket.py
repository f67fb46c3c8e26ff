"""A bucket that moto plays, in this process, and a runner's way to put something into it."""

import logging
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from moto.server import ThreadedMotoServer

from webapp.storage.content import Put

KEYS = ("AKIAIOSFODNN7EXAMPLE", "a-secret-for-tests-only")


@contextmanager
def moto() -> Iterator[str]:
    """Its endpoint."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it would report every request
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def put(wanted: Put, content: bytes) -> int:
    """What a runner does; the status of the answer."""
    piece = content[wanted.offset : wanted.offset + wanted.size]
    headers = {"Content-Type": "application/octet-stream", **wanted.headers}
    request = urllib.request.Request(wanted.url, piece, headers, method="PUT")
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
