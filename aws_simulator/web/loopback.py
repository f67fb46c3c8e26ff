"""Small HTTP servers that listen on 127.0.0.1 and answer nobody else."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

HOST = "127.0.0.1"
LARGEST_BODY = 1_000_000


class NotLoopback(Exception):
    """Somebody asked to serve practice AWS to a network."""


def check_loopback(host: str) -> str:
    if host != HOST:
        raise NotLoopback(f"Practice AWS listens on {HOST} only, not on {host!r}.")
    return host


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__((check_loopback(HOST), port), handler)
        self.url = f"http://{HOST}:{self.server_port}"

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hung up is no error worth a traceback."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Answers are small: do not wait for more to fill a packet.
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: every call is counted in the journal."""

    def body(self) -> bytes:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
            self.close_connection = True
            raise ValueError(f"A body of {length} bytes is too large.")
        return self.rfile.read(length)

    def from_loopback(self) -> bool:
        """False for a browser that was led here under a foreign name (DNS rebinding)."""
        name = urlsplit("//" + (self.headers.get("Host") or "")).hostname
        return name in (HOST, "localhost")

    def reply(self, status: int, content: str, kind: str = "text/plain") -> None:
        data = content.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def reply_json(self, status: int, content: object) -> None:
        self.reply(status, json.dumps(content), "application/json")
