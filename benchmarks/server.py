"""The real server as a process of its own, in an empty data directory."""

import secrets
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.connection import Connection
from benchmarks.processes import Program, run

SERVERS = ("waitress", "cheroot", "gunicorn-gthread", "gunicorn-gevent")
PERSON = "bench"
_FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]


@dataclass(frozen=True)
class Server:
    """A server that answers; `token` is a member's."""

    url: str
    pid: int
    token: str
    password: str
    folder: Path

    def api(self) -> Connection:
        """A connection of a script with the person's token."""
        return Connection(self.url, {"Authorization": f"Bearer {self.token}"})

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "data" / "runners.db"


_THERE: ContextVar[Server | None] = ContextVar("there", default=None)


@contextmanager
def using(server: Server) -> Iterator[None]:
    """Whatever is measured in this block finds this server and starts none: for a first look at
    whether everything still works. What it says of processor and memory is worth nothing."""
    token = _THERE.set(server)
    try:
        yield
    finally:
        _THERE.reset(token)


@contextmanager
def serving(
    folder: Path, kind: str = "waitress", settings: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """One server of this kind. A WSGI server that is not ours runs no scheduler, so beside it
    `serve` runs on another port, as it would in production, and leads."""
    if there := _THERE.get():
        yield there
        return
    password = secrets.token_urlsafe(12)
    common = {"DATA_DIR": str(folder / "data"), "LOG_LEVEL": "info"}
    # One script submits more than any person would.
    common |= {"API_CALLS": "1000000 per minute", **(settings or {})}
    token = _person(common, password)
    with ExitStack() as stack:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        if kind != "waitress":
            beside = {**common, "PORT": str(free_port()), "THREADS": "8"}
            stack.enter_context(Program([*_FLASK, "serve"], folder / "leader.log", beside))
        mine = {**common, "PORT": str(port)}
        program = Program(_command(kind, port), folder / "server.log", mine)
        stack.enter_context(program)
        program.until(lambda: _ready(url), "the server")
        yield Server(url, program.pid, token, password, folder)


@contextmanager
def second(first: Server, settings: Mapping[str, str]) -> Iterator[Server]:
    """Another process on the same data directory and database."""
    common = {"DATA_DIR": str(first.folder / "data"), "LOG_LEVEL": "info", **settings}
    common |= {"API_CALLS": "1000000 per minute", "PORT": str(free_port())}
    url = f"http://127.0.0.1:{common['PORT']}"
    with Program(_command("waitress", 0), first.folder / "second.log", common) as program:
        program.until(lambda: _ready(url), "the second server")
        yield replace(first, url=url, pid=program.pid)


def _command(kind: str, port: int) -> list[str]:
    if kind == "waitress":
        return [*_FLASK, "serve"]
    if kind == "cheroot":
        return [sys.executable, "-m", "benchmarks.cheroot_server"]
    gunicorn = [sys.executable, "-m", "gunicorn", "wsgi:app", "--workers", "1"]
    gunicorn += ["--bind", f"127.0.0.1:{port}", "--keep-alive", "120", "--timeout", "120"]
    if kind == "gunicorn-gthread":
        return [*gunicorn, "--worker-class", "gthread", "--threads", "1100"]
    return [*gunicorn, "--worker-class", "gevent", "--worker-connections", "2000"]


def _person(settings: Mapping[str, str], password: str) -> str:
    about = ["--email", "bench@example.org", "--role", "admin", "--password-stdin"]
    run([*_FLASK, "user", "create", PERSON, *about], settings, password + "\n")
    return run([*_FLASK, "user", "token", PERSON], settings).strip()


def _ready(url: str) -> bool:
    connection = Connection(url)
    try:
        return connection.request("GET", "/readyz")[0] == 200
    except OSError:
        time.sleep(0.05)  # nobody listens there yet
        return False
    finally:
        connection.close()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
