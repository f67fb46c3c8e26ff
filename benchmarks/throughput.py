"""A thousand jobs of `true` on one runner with eight slots: from the first claim to the last end,
by the server's own clock. All are queued before the runner starts."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.agent_process import configured
from benchmarks.connection import Connection
from benchmarks.figures import Figure
from benchmarks.floor import floor
from benchmarks.processes import Program
from benchmarks.server import serving
from benchmarks.workflows import one_job

SLOTS = 8
_PRODUCT = "SELECT count(finished_at), min(claimed_at)/1e3, max(finished_at)/1e3 FROM attempt"
_FLOOR = "SELECT count(finished_at), min(claimed_at), max(finished_at) FROM job"


def measure(jobs: int = 1000) -> Iterator[Figure]:
    """Jobs a second of the floor and of the product, one after the other."""
    with tempfile.TemporaryDirectory() as name:
        least = _floor(Path(name), jobs)
        product = _product(Path(name), jobs)
    yield Figure("throughput.floor", least, "jobs/s")
    yield Figure("throughput.jobs", product, "jobs/s")
    yield Figure("throughput.ratio", product / least, "x_floor", at_least=0.5)


def _floor(folder: Path, jobs: int) -> float:
    with floor(folder) as least:
        connection = Connection(least.url)
        for _ in range(jobs):
            least.submit(connection, "true")
        with least.agent(SLOTS) as agent:
            return _rate(agent, least.database, _FLOOR, jobs)


def _product(folder: Path, jobs: int) -> float:
    with serving(folder) as server:
        agent, api, body = configured(server, SLOTS), server.api(), one_job("true")
        for _ in range(jobs):
            api.post("/api/runs/submit", body)
        with agent.started() as program:
            return _rate(program, server.database, _PRODUCT, jobs)


def _rate(agent: Program, database: Path, query: str, jobs: int) -> float:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as rows:
        agent.until(lambda: rows.execute(query).fetchone()[0] >= jobs, "all jobs", 120)
        _, first, last = rows.execute(query).fetchone()
    return jobs / (last - first)
