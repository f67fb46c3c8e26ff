"""Many runners in one asyncio process that speak docs/agent-protocol.md and run nothing."""

import asyncio
import json
import time
import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

MACHINE = {
    "hostname": "bench.example.org",
    "os": "Debian GNU/Linux 12",
    "arch": "x86_64",
    "cpu_milli": 8000,
    "memory_mib": 16000,
    "disk_free_mib": 90000,
    "gpus": [],
    "container_engine": None,
    "python": "3.11.2",
}


class Broken(Exception):
    """The server answered with something else than 200 or 201."""


class Wire:
    """One kept-alive connection."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._place = (parts.hostname, parts.port)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, secret: str, session: str, body: Any) -> Any:
        """The JSON answer; raises Broken."""
        self._streams = self._streams or await asyncio.open_connection(*self._place)
        reader, writer = self._streams
        content = json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {secret}\r\n"
        head += f"Runner-Session: {session}\r\nContent-Length: {len(content)}\r\n\r\n"
        writer.write(head.encode() + content)
        top = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        answer = await reader.readexactly(int(top.split("content-length:")[1].split("\r\n")[0]))
        if top.split()[1] not in ("200", "201"):
            raise Broken(f"{path}: {top.split()[1]} {answer.decode()[:300]}")
        return json.loads(answer)

    def close(self) -> None:
        """To be called before the loop ends; the next call would connect again."""
        if self._streams:
            self._streams[1].close()
        self._streams = None


class Peer:
    """One runner; `got` is when it was given each job."""

    def __init__(self, crowd: "Crowd", number: int) -> None:
        self._crowd, self.number = crowd, number
        self._url = crowd.urls[number % len(crowd.urls)]
        self._wire, self._session = Wire(self._url), str(uuid.uuid4())
        self._credential = ""

    async def join(self) -> None:
        """Register and start."""
        hello = {"protocol": 1, "agent_version": "0.1.0", "clock": int(time.time() * 1000)}
        hello["machine_id"] = uuid.uuid4().hex * 2
        answer = await self._call("runners", {**hello, "name": f"peer-{self.number:04}"})
        self._credential = answer["credential"]
        about = {"session": self._session, "previous_session": None, "machine": MACHINE}
        await self._call("start", {**hello, **about})

    async def poll(self) -> None:
        """Poll for ever; a job ends as soon as it comes."""
        while True:
            self._crowd.polling.add(self.number)
            answer = await self._call("poll", {"holding": [], "slots": 4})
            moment = time.perf_counter()
            for job in answer["jobs"]:
                self._crowd.got.put_nowait((job["run_name"], moment))
            if answer["jobs"]:
                await self._report(answer["jobs"])

    async def live(self) -> None:
        """Join, then poll for ever as an agent does: what is refused is tried again."""
        await self.join()
        while True:
            try:
                await self.poll()
            except (Broken, OSError, EOFError) as error:
                self._crowd.troubles.append(str(error)[:200])
                self.leave()
                await asyncio.sleep(1)

    def leave(self) -> None:
        """Hang up."""
        self._wire.close()

    async def _report(self, jobs: list[dict[str, Any]]) -> None:
        began = time.perf_counter()
        await self._call("reports", {"reports": reports_of(jobs)})
        self._crowd.reported.append(time.perf_counter() - began)

    async def _call(self, path: str, body: Any) -> Any:
        secret = self._credential or self._crowd.token
        return await self._wire.post(f"/agents/v1/{path}", secret, self._session, body)


class Crowd:
    """`polling`: numbers of the runners that poll; `got`: run name and moment of each job;
    `reported`: seconds that each report took; `troubles`: what was refused."""

    def __init__(self, urls: str | Sequence[str], token: str, size: int) -> None:
        self.urls, self.token = [urls] if isinstance(urls, str) else list(urls), token
        self.polling: set[int] = set()
        self.reported: list[float] = []
        self.troubles: list[str] = []
        self.got: asyncio.Queue[tuple[str, float]] = asyncio.Queue()
        self._peers = [Peer(self, number) for number in range(size)]

    async def join(self, at_once: int = 8) -> None:
        """All of them, a few at a time."""
        gate = asyncio.Semaphore(at_once)

        async def enter(peer: Peer) -> None:
            async with gate:
                await peer.join()

        await asyncio.gather(*(enter(peer) for peer in self._peers))

    async def pass_by(self) -> None:
        """Join and hang up."""
        await self.join()
        self.leave()

    async def live(self, at_once: int = 8) -> None:
        """All of them: each polls from the moment at which it has joined, until cancelled."""
        gate = asyncio.Semaphore(at_once)

        async def enter(peer: Peer) -> None:
            async with gate:
                task = asyncio.create_task(peer.live())
                while not task.done() and peer.number not in self.polling:
                    await asyncio.sleep(0.005)
            await task

        await asyncio.gather(*(enter(peer) for peer in self._peers))

    async def poll(self) -> None:
        """All of them, until cancelled; the first failure is everybody's."""
        await asyncio.gather(*(peer.poll() for peer in self._peers))

    def leave(self) -> None:
        """All of them hang up."""
        for peer in self._peers:
            peer.leave()


def reports_of(jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """That these jobs began and ended."""
    at = int(time.time() * 1000)
    ended = {"kind": "finished", "outcome": "exited", "exit_code": 0, "log_size": 0}
    reports = []
    for job in jobs:
        about = {"job": job["job"], "attempt": job["attempt"], "at": at}
        reports += [{**about, "kind": "started"}, {**about, **ended}]
    return reports
