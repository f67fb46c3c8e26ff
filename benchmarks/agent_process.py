"""The real agent as a process of its own: the zip application that the server gives out."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.connection import Connection
from benchmarks.processes import Program, run
from benchmarks.server import Server


@dataclass(frozen=True)
class Agent:
    """`command` begins every call of it; `home` is its DSTACK_HOME."""

    command: list[str]
    home: Path
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """Variables that lead it to its home."""
        return {"DSTACK_HOME": str(self.home)}

    @contextmanager
    def started(self) -> Iterator[Program]:
        """`dstack-runner start`, live, for the time of the block."""
        log = self.folder / "agent.log"
        with Program([*self.command, "start"], log, self.environment) as program:
            program.until(lambda: "is live" in log.read_text(), "the agent")
            yield program


def configured(server: Server, slots: int) -> Agent:
    """Fetched and configured as a person would."""
    file = server.folder / "dstack-runner.pyz"
    connection = Connection(server.url)
    file.write_bytes(connection.request("GET", "/runner/dstack-runner.pyz")[1])
    connection.close()
    agent = Agent([sys.executable, str(file)], server.folder / "agent", server.folder)
    words = ["config", "--token", "-", "--server", server.url, "--max-jobs", str(slots)]
    run([*agent.command, *words], agent.environment, server.token + "\n")
    return agent
