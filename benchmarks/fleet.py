"""A thousand idle runners on one server process: what they cost, and how fast work reaches one."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from benchmarks.crowd import Crowd, Wire
from benchmarks.figures import Figure, milliseconds, percentile
from benchmarks.processes import NotThere, cpu_seconds, resident_mib
from benchmarks.server import Server, serving
from benchmarks.workflows import one_job
from webapp.open_files import room_for

_PAUSE_SECONDS = 0.05


def measure(
    runners: int = 1000, times: int = 300, seconds: float = 40, kind: str = "waitress"
) -> Iterator[Figure]:
    """`seconds` of idling (two rounds of polls), then `times` submissions, one after the other."""
    room_for(runners)
    with tempfile.TemporaryDirectory() as name, serving(Path(name), kind) as server:
        yield from asyncio.run(_measure(server, runners, times, seconds))


async def _measure(server: Server, runners: int, times: int, seconds: float) -> list[Figure]:
    crowd, submitter = Crowd(server.url, server.token, runners), Wire(server.url)
    began = time.monotonic()
    await crowd.join()
    joining = time.monotonic() - began
    polls = asyncio.create_task(crowd.poll())
    try:
        await _until(lambda: polls.done() or len(crowd.polling) == runners)
        await asyncio.sleep(min(3, seconds))
        share = await _idle(server, seconds)
        took = [await _dispatch(submitter, server.token, crowd, polls) for _ in range(times)]
        memory = resident_mib(server.pid)
    finally:
        polls.cancel()
        with suppress(asyncio.CancelledError):  # we cancelled it ourselves
            await polls
        crowd.leave()
        submitter.close()
    return [
        Figure("fleet.joins", runners / joining, "runners/s"),
        Figure("fleet.idle_core", share * 100, "%", at_most=25),
        Figure("fleet.memory", memory, "MiB", at_most=250),
        Figure("fleet.dispatch_p50", percentile(took, 50), "ms"),
        Figure("fleet.dispatch_p99", percentile(took, 99), "ms", at_most=100),
    ]


async def _idle(server: Server, seconds: float) -> float:
    began, used = time.monotonic(), cpu_seconds(server.pid)
    await asyncio.sleep(seconds)
    return (cpu_seconds(server.pid) - used) / (time.monotonic() - began)


async def _dispatch(submitter: Wire, token: str, crowd: Crowd, polls: asyncio.Task[None]) -> float:
    """Milliseconds from the answer to a submission until a runner has the job."""
    await asyncio.sleep(_PAUSE_SECONDS)
    if polls.done():
        polls.result()  # raises what went wrong
    run = (await submitter.post("/api/runs/submit", token, "", one_job("true")))["run_name"]
    answered = time.perf_counter()
    name, moment = await asyncio.wait_for(crowd.got.get(), 30)
    if name != run:
        raise NotThere(f"{run}; {name} came")
    return milliseconds(max(0.0, moment - answered))


async def _until(condition, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise NotThere("the polls of all runners")
        await asyncio.sleep(0.05)
