"""From the answer to a submission until the first instruction of its job, one idle runner.

The job's first instruction writes into a pipe that we read. Product and floor take turns, so that
whatever else this machine does falls on both.
"""

import os
import select
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.agent_process import configured
from benchmarks.connection import Connection
from benchmarks.figures import Figure, milliseconds, percentile
from benchmarks.floor import floor
from benchmarks.processes import NotThere
from benchmarks.server import serving
from benchmarks.workflows import one_job

_PAUSE_SECONDS = 0.04  # the runner is idle again by then
_WARM_UP = 10


class Pipe:
    """A named pipe that jobs write a line into."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self._end = os.open(path, os.O_RDWR)  # both ways: never at its end
        self.command = f"echo > {path}"

    def wait(self, seconds: float = 30) -> float:
        """When the next line came."""
        if not select.select([self._end], [], [], seconds)[0]:
            raise NotThere("the first instruction of a job")
        moment = time.perf_counter()
        os.read(self._end, 100)
        return moment


def measure(times: int = 400) -> Iterator[Figure]:
    """`times` submissions on either side."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        pipe = Pipe(folder / "pipe")
        sides = _sides(stack, folder, pipe)
        for _ in range(_WARM_UP):
            _round(sides, pipe)
        rounds = [_round(sides, pipe) for _ in range(times)]
    least, product = ([each[side] for each in rounds] for side in (0, 1))
    yield from _figures(least, product)


def _sides(stack: ExitStack, folder: Path, pipe: Pipe) -> list[Callable[[], object]]:
    least = stack.enter_context(floor(folder))
    stack.enter_context(least.agent(1))
    server = stack.enter_context(serving(folder))
    stack.enter_context(configured(server, 4).started())
    one, other = Connection(least.url), server.api()
    body = one_job(pipe.command)
    return [
        lambda: least.submit(one, pipe.command),
        lambda: other.post("/api/runs/submit", body),
    ]


def _round(sides: list[Callable[[], object]], pipe: Pipe) -> list[float]:
    took = []
    for submit in sides:
        submit()
        answered = time.perf_counter()
        took.append(milliseconds(pipe.wait() - answered))
        time.sleep(_PAUSE_SECONDS)
    return took


def _figures(least: list[float], product: list[float]) -> Iterator[Figure]:
    base = percentile(least, 50)
    yield Figure("dispatch.floor_p50", base, "ms")
    yield Figure("dispatch.floor_p99", percentile(least, 99), "ms")
    yield Figure("dispatch.p50", percentile(product, 50), "ms")
    yield Figure("dispatch.p99", percentile(product, 99), "ms")
    yield Figure("dispatch.p50_ratio", percentile(product, 50) / base, "x_floor_p50", at_most=2.5)
    yield Figure("dispatch.p99_ratio", percentile(product, 99) / base, "x_floor_p50", at_most=5)
