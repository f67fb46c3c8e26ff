"""The floor: the least program that takes the same physical steps as the product. HTTP on
loopback, commits, the wake of a long poll, a fork. Figures of the product are ratios to it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.connection import Connection
from benchmarks.processes import Program
from benchmarks.server import free_port


@dataclass(frozen=True)
class Floor:
    """Its server, ready; `agent` starts its agent."""

    url: str
    folder: Path

    @contextmanager
    def agent(self, slots: int) -> Iterator[Program]:
        """The agent, for the time of the block."""
        command = [sys.executable, "-m", "benchmarks.floor_agent", self.url, str(slots)]
        with Program(command, self.folder / "floor_agent.log", {}) as program:
            yield program

    def submit(self, connection: Connection, command: str) -> None:
        """One job."""
        connection.post("/submit", {"command": command})

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "floor.db"


@contextmanager
def floor(folder: Path) -> Iterator[Floor]:
    """The server of the floor, for the time of the block."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.floor_server", str(folder / "floor.db"), str(port)]
    with Program(command, folder / "floor_server.log", {}) as program:
        url = f"http://127.0.0.1:{port}"
        program.until(lambda: _answers(url), "the floor")
        yield Floor(url, folder)


def _answers(url: str) -> bool:
    connection = Connection(url)
    try:
        return connection.post("/done", {"job": 0}) == {}
    except OSError:
        return False  # not listening yet
    finally:
        connection.close()
