"""Everything at once, for minutes: runners that poll, a long queue, submissions, open pages.

`load` is the server as it comes, with the embedded database; `load-postgres` two servers of one
process each, with a scheduler each, on the PostgreSQL of TEST_POSTGRES_URL.
"""

import os
import resource
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.load_figures import figures
from benchmarks.load_run import Size, run
from benchmarks.processes import NotThere
from benchmarks.server import second, serving

FULL = Size()
SETTINGS = {"LOGIN_ATTEMPTS": "1000 per minute"}  # one person does what many would


def measure(size: Size = FULL) -> Iterator[Figure]:
    """On the embedded database."""
    _allow_sockets()
    with (
        tempfile.TemporaryDirectory() as name,
        serving(Path(name), settings=SETTINGS) as server,
    ):
        seen = run([server], size)
    yield from figures("load", seen)


def measure_postgres(size: Size = FULL) -> Iterator[Figure]:
    """The same with two web processes and two schedulers on PostgreSQL."""
    url = os.environ.get("TEST_POSTGRES_URL")
    if not url:
        raise NotThere(
            "TEST_POSTGRES_URL is not set: python -m scripts.with_postgres COMMAND… sets it"
        )
    _allow_sockets()
    settings = SETTINGS | {"DATABASE_URL": url, "PROCESSES": "1"}
    with (
        tempfile.TemporaryDirectory() as name,
        serving(Path(name), settings=settings) as server,
        second(server, settings) as other,
    ):
        seen = run([server, other], size)
    yield from figures("load-postgres", seen)


def _allow_sockets() -> None:
    """As many as the system lets us have, for us and the servers that we start."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))
