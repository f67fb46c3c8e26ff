"""A small server of the protocol whose faults are the subject of a test.

`faults[path]` is a list of what to do instead of answering, taken from the front: bytes are sent
as they are, "hang up" closes the connection after the call took effect (the answer is lost).
"""

import json
import threading
import time
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 14\r\n\r\n<html>oh</html"
NONSENSE = b"\x00\x01\x02 no HTTP at all\r\n\r\n"
EMPTY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
LIST = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"
SHORT = b'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"half'


def refusal(status: int, code: str, message: str = "No.", **more: Any) -> bytes:
    body = json.dumps({"message": message, "code": code, **more}).encode()
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)


class Peer:
    """Keeps every call, every log byte and every report."""

    def __init__(self) -> None:
        self.faults: dict[str, list] = defaultdict(list)
        self.calls: list[tuple[str, Any]] = []
        self.logs: dict[str, bytearray] = defaultdict(bytearray)
        self.reports: list[dict] = []
        self.jobs: list[dict] = []
        self.orders: list[dict] = []
        self.files: dict[
            str, Any
        ] = {}  # what a job's thread is answered, by path; may be a function
        self.secrets: Any = {}
        self.clock_off = 0
        self._closing = threading.Event()
        self.terms: dict[str, Any] = {
            "poll_seconds": 0.3,
            "heartbeat_seconds": 0.2,
            "stop_grace_seconds": 1,
            "log_maximum": 10**7,
            "log_chunk": 65536,
            "metadata_seconds": None,
        }
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "Peer":
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()

    def made(self, path: str) -> list[Any]:
        """The bodies of all calls of this path."""
        return [body for called, body in self.calls if called == path]

    def finished(self, job: str) -> list[dict]:
        return [r for r in self.reports if r["job"] == job and r["kind"] == "finished"]

    def answer(self, path: str, query: str, body: Any) -> dict | bytes:
        """What the protocol says."""
        if path in self.files:
            told = self.files[path]
            return told(body) if callable(told) else told
        clock = int(time.time() * 1000) + self.clock_off
        if path in ("runners", "clone"):
            name = f"peer-{len(self.made('clone'))}"
            about = {"runner_id": name, "runner_name": name, "credential": "c-" + name}
            return {**about, "clock": clock, "server_version": "0.1.0"}
        if path == "start":
            return {"clock": clock, "runner_name": "peer", **self.terms}
        if path == "poll":
            return self._poll(body)
        if path == "reports":
            self.reports += body["reports"]
            same = [{"job": r["job"], "attempt": r["attempt"]} for r in body["reports"]]
            return {"results": [{**about, "status": 200} for about in same]}
        if path.endswith("/log"):
            return self._log(path.split("/")[1], query, body)
        if path.endswith("/secrets"):
            return {"secrets": self.secrets}
        return {"orders": self.orders, "drain": False, "clock": clock}

    def _poll(self, body: Any) -> dict:
        held = {item["job"] for item in body["holding"]}
        over = {r["job"] for r in self.reports if r["kind"] == "finished"}
        news = [job for job in self.jobs if job["job"] not in held | over][: body["slots"]]
        orders = [order for order in self.orders if order["job"] in held]
        if not news and not orders:
            self._closing.wait(self.terms["poll_seconds"])
        return {"jobs": news, "orders": orders, "drain": False}

    def _log(self, job: str, query: str, body: bytes) -> dict:
        offset = int(query.partition("offset=")[2])
        kept = self.logs[job]
        if offset <= len(kept):
            kept.extend(body[len(kept) - offset :])
        return {"size": len(kept), "full": False}

    def _handler(self) -> type:
        peer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                path, _, query = self.path.removeprefix("/agents/v1/").partition("?")
                body = raw if path.endswith("/log") else json.loads(raw)
                kind = "log" if path.endswith("/log") else path
                peer.calls.append((kind, body))
                fault = peer.faults[kind].pop(0) if peer.faults[kind] else None
                if isinstance(fault, bytes):
                    self.wfile.write(fault)
                    self.close_connection = True
                    return
                answer = peer.answer(path, query, body)
                is_raw = isinstance(answer, bytes)
                answer = answer if is_raw else json.dumps(answer).encode()
                if fault == "hang up":
                    self.close_connection = True
                    return
                self.send_response(201 if path in ("runners", "clone") else 200)
                kind = "application/octet-stream" if is_raw else "application/json"
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """Quiet: the tests look at `calls`."""

        return Handler


def job(name: str, commands: str, **more: Any) -> dict:
    """A JOB of the protocol."""
    about = {"job": name, "attempt": 1, "run_name": "wise-otter-1", "commands": commands}
    return {**about, "environment": {}, "resources": {}, **more}
