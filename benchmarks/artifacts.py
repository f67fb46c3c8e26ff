"""Artifacts on their way to the server and into the folder of the next job, by the real agent,
beside a plain copy of the same bytes through a socket of this machine."""

import os
import socket
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.agent_process import configured
from benchmarks.figures import Figure
from benchmarks.server import Server, serving

_PIECE = 1024 * 1024
_WORKFLOW = """workflows:
  - name: leave
    commands:
      - mkdir data && {make}
      - date +%s%N
    artifacts: [data]
  - name: need
    depends-on: [leave]
    commands:
      - "true"
"""
_ATTEMPTS = (
    "SELECT job.workflow_name, attempt.claimed_at, attempt.started_at, attempt.finished_at, job.id "
    "FROM attempt JOIN job ON job.id = attempt.job_id "
    "JOIN run ON run.id = job.run_id WHERE run.name = ? AND attempt.finished_at IS NOT NULL"
)


def measure(megabytes: int = 512, files: int = 2000) -> Iterator[Figure]:
    """One large file, then many of 4 kB."""
    with tempfile.TemporaryDirectory() as name, serving(Path(name)) as server:
        folder, size = Path(name), megabytes * 10**6
        floor = floor_seconds(folder, size)
        agent = configured(server, 1)
        with agent.started():
            large = _there_and_back(server, f"head -c {size} /dev/urandom > data/large")
            many = f"seq {files} | while read n; do head -c 4096 /dev/urandom > data/$n; done"
            small = _there_and_back(server, many)
    yield Figure("artifacts.floor", megabytes / floor, "MB/s")
    yield Figure("artifacts.up", megabytes / large[0], "MB/s")
    yield Figure("artifacts.up_ratio", floor / large[0], "x_floor", at_least=0.25)
    yield Figure("artifacts.down", megabytes / large[1], "MB/s")
    yield Figure("artifacts.down_ratio", floor / large[1], "x_floor", at_least=0.25)
    yield Figure("artifacts.small_up", files / small[0], "files/s")
    yield Figure("artifacts.small_down", files / small[1], "files/s")


def _there_and_back(server: Server, make: str) -> tuple[float, float]:
    """Seconds from the end of a job's commands to its last report, and from the claim of the job
    that needs its files to that job's first command."""
    api = server.api()
    text = _WORKFLOW.format(make=make)
    run = api.post("/api/runs/submit", {"workflow_file": text, "workflow_name": "need"})
    with closing(sqlite3.connect(f"file:{server.database}?mode=ro", uri=True)) as rows:
        found: dict[str, tuple] = {}
        while len(found) < 2:
            time.sleep(0.05)
            found = {row[0]: row for row in rows.execute(_ATTEMPTS, (run["run_name"],))}
    printed = api.request("GET", f"/api/jobs/{found['leave'][4]}/logs")[1].split()[0]
    up = found["leave"][3] / 1000 - int(printed) / 1e9
    return up, (found["need"][2] - found["need"][1]) / 1000


def floor_seconds(folder: Path, size: int) -> float:
    """Seconds for a file through a socket into another file."""
    source, target = folder / "source", folder / "target"
    with source.open("wb") as file:
        for start in range(0, size, _PIECE):
            file.write(os.urandom(min(_PIECE, size - start)))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        sender = threading.Thread(target=_send, args=(source, listening.getsockname()))
        began = time.perf_counter()
        sender.start()
        connection, _ = listening.accept()
        with connection, target.open("wb") as file:
            while piece := connection.recv(_PIECE):
                file.write(piece)
        sender.join()
        took = time.perf_counter() - began
    source.unlink()
    target.unlink()
    return took


def _send(source: Path, address: tuple[str, int]) -> None:
    with socket.create_connection(address) as connection, source.open("rb") as file:
        while piece := file.read(_PIECE):
            connection.sendall(piece)
