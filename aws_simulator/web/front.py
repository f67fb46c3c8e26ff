"""EC2's door: counts each call, lets faults happen, and hands the rest to moto."""

from __future__ import annotations

import contextlib
import html
import io
import re
import socket
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from aws_simulator.ec2.errors import STATUS
from aws_simulator.journal import Journal
from aws_simulator.web.faults import Fault, Faults
from aws_simulator.web.loopback import HOST

App = Callable[[dict[str, Any], Any], Iterable[bytes]]
LARGEST_BODY = 1_000_000
SERVICE = re.compile(r"Credential=[^/]+/[^/]+/([^/]+)/([^/]+)/")
PLAYED = ("ec2", "sts")
ERROR = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>{code}</Code>'
    "<Message>{message}</Message></Error></Errors><RequestID>practice</RequestID></Response>"
)
PROXY_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>502</body></html>"


class Front:
    def __init__(self, journal: Callable[[], Journal], faults: Faults, inner: App) -> None:
        self.journal, self.faults, self.inner = journal, faults, inner

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        region, service = _scope(environ)
        if environ["REQUEST_METHOD"] != "POST" or service not in PLAYED:
            return _refuse(start_response, "InvalidAction", "Practice AWS plays EC2 and STS only.")
        body = environ["wsgi.input"].read(
            min(int(environ.get("CONTENT_LENGTH") or 0), LARGEST_BODY)
        )
        operation = parse_qs(body.decode("utf-8", "replace")).get("Action", ["?"])[0]
        self.journal().call(operation, region)
        fault = self.faults.take(operation, region)
        if fault is None:
            return self._pass_on(environ, body, start_response)
        self.journal().note("fault", operation, mode=fault.mode, code=fault.code, region=region)
        return self._happen(fault, environ, body, start_response)

    def _pass_on(self, environ: dict[str, Any], body: bytes, start_response: Any) -> Any:
        environ["wsgi.input"] = io.BytesIO(body)
        return self.inner(environ, start_response)

    def _happen(
        self, fault: Fault, environ: dict[str, Any], body: bytes, start_response: Any
    ) -> Iterable[bytes]:
        if fault.delay:
            time.sleep(fault.delay)
        if fault.mode == "html502":
            start_response("502 Bad Gateway", [("Content-Type", "text/html")])
            return [PROXY_PAGE]
        if fault.mode == "before" and fault.code:
            return _refuse(start_response, fault.code, f"{fault.code} (a fault of practice AWS).")
        if fault.mode == "duplicate":
            self._apply(environ, body)
        if fault.mode == "lost":
            self._apply(environ, body)
            return _hang_up(environ)
        return self._pass_on(environ, body, start_response)

    def _apply(self, environ: dict[str, Any], body: bytes) -> None:
        answer = self._pass_on(dict(environ), body, lambda status, headers, error=None: None)
        for _ in answer:
            pass


def _scope(environ: dict[str, Any]) -> tuple[str, str]:
    found = SERVICE.search(environ.get("HTTP_AUTHORIZATION", ""))
    return (found[1], found[2]) if found else ("", "")


def _refuse(start_response: Any, code: str, message: str) -> list[bytes]:
    status = STATUS.get(code, 400)
    start_response(f"{status} Refused", [("Content-Type", "text/xml")])
    return [ERROR.format(code=html.escape(code), message=html.escape(message)).encode()]


def _hang_up(environ: dict[str, Any]) -> list[bytes]:
    connection: socket.socket = environ["werkzeug.socket"]
    with contextlib.suppress(OSError):  # the caller hung up first
        connection.shutdown(socket.SHUT_RDWR)
    # werkzeug takes this for what it is: the connection is gone, nothing is to be sent.
    raise ConnectionResetError("the answer was lost on purpose")


class _Quiet(WSGIRequestHandler):
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: Any) -> None:
        """Silent: every call is counted in the journal."""


class FrontServer:
    def __init__(self, port: int, journal: Callable[[], Journal], faults: Faults) -> None:
        app = Front(journal, faults, DomainDispatcherApplication(create_backend_app))
        self._server = make_server(HOST, port, app, threaded=True, request_handler=_Quiet)
        self._server.daemon_threads = True
        self.url = f"http://{HOST}:{self._server.server_port}"

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    def shutdown(self) -> None:
        self._server.shutdown()
        self._server.server_close()
