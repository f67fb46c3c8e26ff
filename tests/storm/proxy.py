"""A proxy between agents and the server that does what networks do, now and then."""

import http.client
import random
import threading
from collections import Counter
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# What may happen to a call: the request never arrives; its answer does not come back, or not whole;
# it arrives twice; somebody else answers, before or after it was passed on; it takes its time; and
# a connection that stays open and says nothing.
FAULTS = ("cut", "lost", "short", "twice", "html", "late html", "slow", "silence")
SLOW_SECONDS, SILENT_SECONDS = 2, 8
_HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
_GATEWAY = (502, [("Content-Type", "text/html")], _HTML)
Answer = tuple[int, list[tuple[str, str]], bytes]  # status, headers, body
_OWN = {"connection", "transfer-encoding", "content-length", "server", "date"}


class Proxy:
    """`share` of all calls meet one of `faults`; `met` counts what happened."""

    def __init__(self, port: int, seed: int = 0) -> None:
        self.port, self.share = port, 0.0
        self.faults: Sequence[str] = FAULTS
        self.met: Counter[str] = Counter()
        self.closing = threading.Event()
        self._dice, self._lock = random.Random(seed), threading.Lock()
        self._next: list[str] = []
        self._server = _Listener(("127.0.0.1", 0), type("Call", (_Call,), {"proxy": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Proxy":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def meet(self, faults: Sequence[str]) -> None:
        """The next calls of agents meet these, one each."""
        with self._lock:
            self._next += faults

    def weather(self, share: float, faults: Sequence[str]) -> None:
        """From now on so many meet one of these."""
        with self._lock:
            self.share, self.faults = share, faults

    def hear(self, method: str, path: str, answer: "Answer") -> None:
        """The server answered; for those who want to know what went over the wire."""

    def choose(self, path: str) -> str:
        """What happens to this call; the installer's downloads are left in peace."""
        with self._lock:
            if not path.startswith("/agents/"):
                chosen = ""
            elif self._next:
                chosen = self._next.pop(0)
            else:
                unlucky = self._dice.random() < self.share
                chosen = self._dice.choice(self.faults) if unlucky else ""
            self.met[chosen or "passed"] += 1
            return chosen


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Agents that are killed reset their connections; that is what this is for."""


class _Call(BaseHTTPRequestHandler):
    """One connection of an agent."""

    proxy: Proxy
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            self._meet(self.proxy.choose(self.path), body)
        except (OSError, http.client.HTTPException):
            self.close_connection = True  # the server is away, or the agent

    do_GET = do_POST

    def _meet(self, fault: str, body: bytes) -> None:
        if fault == "html":
            self._say(*_GATEWAY)
        elif fault in ("cut", "silence"):
            self.proxy.closing.wait(SILENT_SECONDS if fault == "silence" else 0)
            self.close_connection = True
        else:
            self._pass_on(fault, body)

    def _pass_on(self, fault: str, body: bytes) -> None:
        self.proxy.closing.wait(SLOW_SECONDS if fault == "slow" else 0)
        answer = self._ask(body)
        if fault == "twice":
            answer = self._ask(body)
        if fault == "lost":
            self.close_connection = True
        else:
            self._say(*(_GATEWAY if fault == "late html" else answer), cut=fault == "short")

    def _ask(self, body: bytes) -> Answer:
        upstream = http.client.HTTPConnection("127.0.0.1", self.proxy.port, timeout=60)
        try:
            upstream.request(self.command, self.path, body, dict(self.headers))
            response = upstream.getresponse()
            answer = response.status, response.getheaders(), response.read()
            self.proxy.hear(self.command, self.path, answer)
            return answer
        finally:
            upstream.close()

    def _say(
        self, status: int, headers: list[tuple[str, str]], body: bytes, cut: bool = False
    ) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in _OWN:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        self.close_connection = cut or self.close_connection

    def log_message(self, *_: object) -> None:
        """Quiet: `met` counts."""
