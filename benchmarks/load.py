"""Everything at once, for minutes: runners that poll, a long queue, submissions, open pages."""

import asyncio
import json
import resource
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.connection import Connection
from benchmarks.crowd import Crowd, Wire
from benchmarks.figures import Figure, milliseconds, percentile
from benchmarks.pages import browser, poll_path
from benchmarks.processes import NotThere, cpu_seconds, resident_mib
from benchmarks.server import Server, serving
from benchmarks.workflows import one_job

PAGES = ("/runs", "/runners")
POLL_SECONDS = 2  # as the pages do it
_DRAIN_SECONDS = 60
_IN_ONE_RUN = 99
_BIG = "commands: ['true'], resources: {cpu: 64}"


@dataclass
class Seen:
    """What was measured, in seconds; `sent` run name -> when its submission was answered."""

    submits: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    sent: dict[str, float] = field(default_factory=dict)
    got: dict[str, float] = field(default_factory=dict)
    memory: list[float] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def measure(
    runners: int = 2000,
    queued: int = 10_000,
    rate: float = 50,
    pages: int = 20,
    seconds: float = 600,
) -> Iterator[Figure]:
    """`rate` jobs a second are submitted and run; `queued` others fit no runner and wait."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))
    settings = {"THREADS": str(runners + 200)}
    with tempfile.TemporaryDirectory() as name, serving(Path(name), settings=settings) as server:
        _fill(server, queued)
        seen, share = asyncio.run(_run(server, runners, rate, pages, seconds))
    yield from _figures(seen, share)


def _figures(seen: Seen, share: float) -> Iterator[Figure]:
    dispatch = [max(0.0, seen.got[name] - at) for name, at in seen.sent.items() if name in seen.got]
    half = len(seen.memory) // 2
    grown = max(seen.memory[half:]) - max(seen.memory[: half + 1])
    everything = seen.submits + seen.pages
    yield Figure("load.jobs", len(seen.sent), "jobs")
    yield Figure("load.lost", len(seen.sent.keys() - seen.got.keys()), "jobs", at_most=0)
    yield Figure("load.troubles", len(seen.troubles), "answers", at_most=0)
    yield Figure("load.core", share * 100, "%")
    yield Figure("load.memory", seen.memory[-1], "MiB")
    yield Figure("load.memory_grown", grown, "MiB", at_most=10)
    for name, values, most in (
        ("submit", seen.submits, None),
        ("page", seen.pages, 200),
        ("dispatch", dispatch, None),
    ):
        yield Figure(f"load.{name}_p50", milliseconds(percentile(values, 50)), "ms")
        yield Figure(f"load.{name}_p99", milliseconds(percentile(values, 99)), "ms", at_most=most)
    yield Figure("load.slowest", milliseconds(max(everything)), "ms", at_most=1000)


def _fill(server: Server, queued: int) -> None:
    """Jobs that no runner has the processors for, and as many runs as that takes."""
    script = server.api()
    for start in range(0, queued, _IN_ONE_RUN):
        names = [f"wait-{n}" for n in range(min(_IN_ONE_RUN, queued - start))]
        lines = ["workflows:", f"  - {{name: all, {_BIG}, depends-on: [{', '.join(names)}]}}"]
        lines += [f"  - {{name: {name}, {_BIG}}}" for name in names]
        script.post("/api/runs/submit", {"workflow_file": "\n".join(lines), "workflow_name": "all"})


async def _run(
    server: Server, runners: int, rate: float, pages: int, seconds: float
) -> tuple[Seen, float]:
    seen, over = Seen(), threading.Event()
    crowd = Crowd(server.url, server.token, runners)
    await crowd.join()
    polls = asyncio.create_task(crowd.poll())
    readers = [
        threading.Thread(target=_read, args=(server, PAGES[n % 2], seen, over))
        for n in range(pages)
    ]
    for reader in readers:
        reader.start()
    collector = asyncio.create_task(_collect(crowd, seen))
    try:
        used, began = cpu_seconds(server.pid), time.monotonic()
        await _submit(server, rate, seconds, seen, polls)
        share = (cpu_seconds(server.pid) - used) / (time.monotonic() - began)
        await _drained(seen, polls)
    finally:
        over.set()
        for task in (polls, collector):
            task.cancel()
            with suppress(asyncio.CancelledError):  # we cancelled it ourselves
                await task
        for reader in readers:
            await asyncio.to_thread(reader.join)
    return seen, share


async def _submit(
    server: Server, rate: float, seconds: float, seen: Seen, polls: asyncio.Task[None]
) -> None:
    """At this rate, whatever the answers take, over eight connections."""
    wires: asyncio.Queue[Wire] = asyncio.Queue()
    for _ in range(8):
        wires.put_nowait(Wire(server.url))
    began, tasks, body = time.monotonic(), set(), one_job("true")

    async def one() -> None:
        wire = await wires.get()
        try:
            asked = time.perf_counter()
            answer = await wire.post("/api/runs/submit", server.token, "", body)
            seen.submits.append(time.perf_counter() - asked)
            seen.sent[answer["run_name"]] = time.perf_counter()
        finally:
            wires.put_nowait(wire)

    for number in range(int(rate * seconds)):
        if polls.done():
            polls.result()  # raises what went wrong
        await asyncio.sleep(max(0, began + number / rate - time.monotonic()))
        tasks.add(asyncio.create_task(one()))
        if number % max(1, int(rate)) == 0:
            seen.memory.append(resident_mib(server.pid))
    await asyncio.gather(*tasks)


async def _collect(crowd: Crowd, seen: Seen) -> None:
    while True:
        name, moment = await crowd.got.get()
        seen.got[name] = moment


async def _drained(seen: Seen, polls: asyncio.Task[None]) -> None:
    deadline = time.monotonic() + _DRAIN_SECONDS
    while seen.sent.keys() - seen.got.keys() and time.monotonic() < deadline:
        if polls.done():
            polls.result()
        await asyncio.sleep(0.1)


def _read(server: Server, page: str, seen: Seen, over: threading.Event) -> None:
    """A person who has the page open: it polls, and takes what is new."""
    try:
        person = browser(server)
        path = poll_path(_page(person, page, seen))
        while not over.wait(POLL_SECONDS):
            news = _page(person, path, seen)
            path = poll_path(news) if news else path
    except (NotThere, OSError) as error:
        seen.troubles.append(f"{page}: {error}")


def _page(person: Connection, path: str, seen: Seen) -> bytes:
    began = time.perf_counter()
    status, body, _ = person.request("GET", path)
    seen.pages.append(time.perf_counter() - began)
    if status not in (200, 204):
        raise NotThere(f"{path}: {status} {json.dumps(body[:200].decode(errors='replace'))}")
    return body
