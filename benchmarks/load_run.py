"""The load itself: what is sent, and what is seen of the answers."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from benchmarks.crowd import Broken, Crowd, Wire
from benchmarks.processes import cpu_seconds, resident_mib
from benchmarks.readers import Readers
from benchmarks.server import Server
from benchmarks.workflows import one_job

_DRAIN_SECONDS = 60
_IN_ONE_RUN = 99
_WIRES = 16
_BIG = "commands: ['true'], resources: {cpu: 64}"


@dataclass(frozen=True)
class Size:
    """`rate` jobs a second are submitted and run; `queued` others fit no runner and wait."""

    runners: int = 2000
    queued: int = 10_000
    rate: float = 50
    pages: int = 20
    seconds: float = 600


@dataclass
class Seen:
    """Seconds that calls took; `sent` run name -> when its submission was answered; `got` run name
    -> when a runner had its job; `memory` MiB, a sample a second; `cores` share of one processor by
    who used it."""

    submits: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    reports: list[float] = field(default_factory=list)
    sent: dict[str, float] = field(default_factory=dict)
    got: dict[str, float] = field(default_factory=dict)
    memory: list[float] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    cores: dict[str, float] = field(default_factory=dict)


def run(servers: Sequence[Server], size: Size) -> Seen:
    """Runners, submissions and pages are shared out among the servers."""
    _fill(servers[0], size.queued)
    return asyncio.run(_run(servers, size))


def _fill(server: Server, queued: int) -> None:
    """Jobs that no runner has the processors for, and as many runs as that takes."""
    script = server.api()
    for start in range(0, queued, _IN_ONE_RUN + 1):
        names = [f"wait-{n}" for n in range(min(_IN_ONE_RUN, queued - start - 1))]
        lines = ["workflows:", f"  - {{name: all, {_BIG}, depends-on: [{', '.join(names)}]}}"]
        lines += [f"  - {{name: {name}, {_BIG}}}" for name in names]
        script.post("/api/runs/submit", {"workflow_file": "\n".join(lines), "workflow_name": "all"})


async def _run(servers: Sequence[Server], size: Size) -> Seen:
    seen = Seen()
    crowd = Crowd([each.url for each in servers], servers[0].token, size.runners)
    living = asyncio.create_task(crowd.live())
    while len(crowd.polling) < size.runners:
        await asyncio.sleep(0.1)
    crowd.troubles.clear()  # joining all at once is not what is measured
    readers = Readers(servers, size.pages)
    collector = asyncio.create_task(_collect(crowd, seen))
    try:
        await asyncio.to_thread(readers.start)
        await _watched(servers, size, seen)
        await _drained(seen)
    finally:
        for task in (living, collector):
            task.cancel()
            with suppress(asyncio.CancelledError):  # we cancelled it ourselves
                await task
        crowd.leave()
        await asyncio.to_thread(readers.stop)
    seen.reports, seen.pages = crowd.reported, readers.took
    seen.troubles += crowd.troubles + readers.troubles
    return seen


async def _watched(servers: Sequence[Server], size: Size, seen: Seen) -> None:
    sampler = asyncio.create_task(_sample([each.pid for each in servers], seen))
    used, own = sum(cpu_seconds(each.pid) for each in servers), time.process_time()
    began = time.monotonic()
    await _submit(servers, size, seen)
    took = time.monotonic() - began
    used = sum(cpu_seconds(each.pid) for each in servers) - used
    seen.cores = {"servers": used / took, "generator": (time.process_time() - own) / took}
    sampler.cancel()


async def _sample(pids: Sequence[int], seen: Seen) -> None:
    while True:
        seen.memory.append(sum(resident_mib(pid) for pid in pids))
        await asyncio.sleep(1)


async def _submit(servers: Sequence[Server], size: Size, seen: Seen) -> None:
    """At this rate, whatever the answers take, over a few connections."""
    wires: asyncio.Queue[Wire] = asyncio.Queue()
    for number in range(_WIRES):
        wires.put_nowait(Wire(servers[number % len(servers)].url))
    began, tasks, body = time.monotonic(), set(), one_job("true")

    async def one() -> None:
        asked = time.perf_counter()  # waiting for a connection counts
        wire = await wires.get()
        try:
            answer = await wire.post("/api/runs/submit", servers[0].token, "", body)
            seen.sent[answer["run_name"]] = time.perf_counter()
        except Broken as error:
            seen.troubles.append(str(error)[:200])
        finally:
            seen.submits.append(time.perf_counter() - asked)
            wires.put_nowait(wire)

    for number in range(int(size.rate * size.seconds)):
        await asyncio.sleep(max(0, began + number / size.rate - time.monotonic()))
        task = asyncio.create_task(one())
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)
    while not wires.empty():
        wires.get_nowait().close()


async def _collect(crowd: Crowd, seen: Seen) -> None:
    while True:
        name, moment = await crowd.got.get()
        seen.got.setdefault(name, moment)


async def _drained(seen: Seen) -> None:
    deadline = time.monotonic() + _DRAIN_SECONDS
    while seen.sent.keys() - seen.got.keys() and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
