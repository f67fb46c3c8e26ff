"""The server of the floor: HTTP, one durable queue in SQLite, a bell; nothing that makes a product.

`python -m benchmarks.floor_server DATABASE PORT`. The database has the settings of the product's.
"""

import json
import sqlite3
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=15000;"
_TABLE = (
    "CREATE TABLE job (id INTEGER PRIMARY KEY, command TEXT, status TEXT, claimed_at REAL,"
    " finished_at REAL); CREATE INDEX queue ON job (status, id);"
)
_SUBMIT = "INSERT INTO job (command, status) VALUES (?, 'waiting')"
_CLAIM = (
    "UPDATE job SET status = 'running', claimed_at = ? WHERE id ="
    " (SELECT min(id) FROM job WHERE status = 'waiting') RETURNING id, command"
)
_POLL_SECONDS = 20


class Queue:
    """Jobs; each change is one commit."""

    def __init__(self, path: str) -> None:
        self._rows = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._rows.executescript(_PRAGMAS + _TABLE)
        self._lock = threading.Lock()
        self._news = threading.Semaphore(0)

    def submit(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A job waits."""
        with self._lock:
            self._rows.execute(
                "INSERT INTO job (command, status) VALUES (?, 'waiting')", [asked["command"]]
            )
        self._news.release()
        return {}

    def claim(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The next job, as soon as there is one."""
        if not self._news.acquire(timeout=_POLL_SECONDS):
            return {"job": None}
        with self._lock:
            job, command = self._rows.execute(_CLAIM, [time.time()]).fetchone()
        return {"job": job, "command": command}

    def done(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A job ended."""
        query = "UPDATE job SET status = 'done', finished_at = ? WHERE id = ?"
        with self._lock:
            self._rows.execute(query, [time.time(), asked["job"]])
        return {}


class Handler(BaseHTTPRequestHandler):
    """`POST /VERB` with JSON, answered with JSON, on a kept-alive connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    queue: Queue

    def do_POST(self) -> None:
        """One call of the queue."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = json.dumps(getattr(self.queue, self.path[1:])(asked)).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(answer)}\r\n\r\n"
        self.wfile.write(head.encode() + answer)

    def log_message(self, *words: Any) -> None:
        """Nothing: the floor writes no log."""


if __name__ == "__main__":
    Handler.queue = Queue(sys.argv[1])
    ThreadingHTTPServer.daemon_threads = True
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
