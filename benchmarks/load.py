"""Everything at once, for minutes: runners that poll, a long queue, submissions, open pages.

`load` is the server as it comes, with the embedded database; `load-postgres` two servers of one
process each, with a scheduler each, on the PostgreSQL of TEST_POSTGRES_URL.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.load_figures import figures
from benchmarks.load_run import Size, run
from benchmarks.processes import NotThere
from benchmarks.server import second, serving
from webapp.open_files import room_for

FULL = Size()
SETTINGS = {"LOGIN_ATTEMPTS": "1000 per minute"}  # one person does what many would


def measure(size: Size = FULL) -> Iterator[Figure]:
    """On the embedded database."""
    room_for(size.runners)
    with (
        tempfile.TemporaryDirectory() as name,
        serving(Path(name), settings=SETTINGS) as server,
    ):
        seen = run([server], size)
    yield from figures("load", seen)


def measure_postgres(size: Size = FULL) -> Iterator[Figure]:
    """The same with two web processes and two schedulers on PostgreSQL, each on a processor."""
    url = os.environ.get("TEST_POSTGRES_URL")
    if not url:
        raise NotThere(
            "TEST_POSTGRES_URL is not set: python -m scripts.with_postgres COMMAND… sets it"
        )
    room_for(size.runners)
    settings = SETTINGS | {"DATABASE_URL": url, "PROCESSES": "1"}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        with _on_processor(0):
            server = stack.enter_context(serving(folder, settings=settings))
        with _on_processor(1):
            other = stack.enter_context(second(server, settings))
        seen = run([server, other], size)
    yield from figures("load-postgres", seen)


@contextmanager
def _on_processor(number: int) -> Iterator[None]:
    """What is started here keeps to one of our processors, as the processes of one server do by
    themselves; two servers know nothing of each other."""
    ours = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(ours)[number % len(ours)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, ours)
