"""One agent on one machine: configured, started, living, until it or its machine ends."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner_client import ending, session_file
from runner_client.channel import Refused, Unreachable
from tests.simulation.agents.living import Living
from tests.simulation.agents.wire import Wire
from tests.simulation.aws.things import Thing

if TYPE_CHECKING:
    from tests.simulation.world import World

TRIES_OF_USER_DATA = 60
METADATA_SECONDS = 5
LEAVE_MS = 15_000  # how long it waits for the server to hear how its jobs ended


class Agent:
    """`token`: what it registers with. `machine`: the EC2 machine, None for somebody's own."""

    def __init__(
        self, world: "World", name: str, token: str, machine: Thing | None, size: tuple[int, int]
    ) -> None:
        self.world, self.name, self.token, self.machine, self.size = (
            world,
            name,
            token,
            machine,
            size,
        )
        self.home = world.folder / "agents" / name
        (self.home / "jobs").mkdir(parents=True, exist_ok=True)
        self.wire = Wire(world, name)
        self.machine_id = world.chance.of("machine id", name).randbytes(32).hex()
        self.credential = ""
        self.runner_id = ""
        self.skew = 0
        self.hung_until = 0
        self.heard_at = 0
        self.alive = False
        self.life = 0
        self.living: Living | None = None
        self._calls = itertools.count()

    # its process

    def begin(self) -> None:
        """The process starts; jobs of an earlier one are killed first."""
        self._end_life()
        self.alive = True
        self._watch()
        self.later(0.2, "begins", self._start if self.credential else self._register)

    def die(self) -> None:
        """The process ends without a word, and its jobs with it."""
        self._end_life()
        self.alive = False

    def leave(self) -> None:
        """It is told to stop: it hands its jobs back and says goodbye."""
        if self.living is None:
            return
        self.living.leave()
        self.later(1, "goodbye", lambda: self._goodbye(self.world.agenda.now + LEAVE_MS))

    @property
    def hung(self) -> bool:
        """Whether its process stands still."""
        return self.world.agenda.now < self.hung_until

    def later(self, seconds: float, name: str, act: Callable[[], None]) -> None:
        """Do something later in this life, as soon as the process does not hang."""
        life = self.life

        def when_it_may() -> None:
            if self.life != life or not self.alive:
                return
            if self.hung:
                wait = (self.hung_until - self.world.agenda.now) / 1000
                self.world.agenda.after(wait + 0.01, f"{self.name}: {name}", when_it_may)
                return
            act()

        self.world.agenda.after(seconds, f"{self.name}: {name}", when_it_may)

    def some(self, low: float, high: float, name: str) -> float:
        """Seconds, different each time; more of them once the storm is over."""
        high = min(high * self.world.slowness, max(high, 20.0))
        return self.world.chance.between(low, high, self.name, name, next(self._calls))

    def call(self, path: str, body: Any, session: str | None = None) -> dict[str, Any]:
        """Raises Unreachable or Refused."""
        answer = self.wire.call(path, body, self.credential or self.token, session)
        self.heard_at = self.world.agenda.now
        return answer

    def clock(self) -> int:
        """The time by this machine."""
        return self.world.agenda.now + self.skew

    # its lives

    def end_session(self, why: str) -> None:
        """The server refused the session: jobs are killed, and another life begins."""
        self.world.note(f"{self.name}: session over, {why}")
        self._end_life()
        self._watch()
        self.later(self.some(1, 4, "next life"), "next life", self._start)
        if why == "clone":
            self._become_another()

    def _end_life(self) -> None:
        self.life += 1
        if self.living is not None:
            self.living.kill_jobs()
        self.living = None

    def _watch(self) -> None:
        if self.machine is not None:
            self.later(METADATA_SECONDS, "metadata", self._ask_metadata)
            self.later(60, "deadman", self._push_deadman)

    def _register(self, tries: int = 1) -> None:
        wish = {"name": None, "max_jobs": None, "labels": []}
        try:
            answer = self.call("runners", {**self._who(), **wish})
        except (Unreachable, Refused) as error:
            if self.machine is not None and tries >= TRIES_OF_USER_DATA:
                self.world.note(f"{self.name}: gives up registering, {error}")
                self.alive = False
                return
            self.later(self.some(4, 7, "again"), "registers", lambda: self._register(tries + 1))
            return
        self._configured(answer)
        self.later(0.3, "starts", self._start)

    def _configured(self, answer: dict[str, Any]) -> None:
        self.credential, self.runner_id = answer["credential"], answer["runner_id"]
        self.world.judge.secrets.add(self.credential)
        session_file.forget(self.session_path)

    @property
    def session_path(self) -> Path:
        """The file of the agent's lives."""
        return self.home / "session.json"

    def _who(self) -> dict[str, Any]:
        who = {"protocol": 1, "agent_version": "0.1.0", "machine_id": self.machine_id}
        return {**who, "clock": self.clock()}

    def _start(self) -> None:
        life = session_file.begin(self.session_path)
        about = {"session": life.session, "previous_session": life.previous}
        try:
            terms = self.call("start", {**self._who(), **about, "machine": self._facts()})
        except Unreachable:
            self.later(self.some(1, 8, "start again"), "starts", self._start)
        except Refused as error:
            if error.code == "clone":
                self._become_another()
            self.later(self.some(5, 30, "start again"), "starts", self._start)
        else:
            session_file.confirm(self.session_path, life)
            self.living = Living(self, life.session, terms)
            self.living.begin()

    def _become_another(self) -> None:
        try:
            answer = self.call("clone", self._who())
        except (Unreachable, Refused) as error:
            self.world.note(f"{self.name}: no clone, {error}")
            return
        self.world.tally.seen["clone became another runner"] += 1
        self._configured(answer)

    def _goodbye(self, latest: int) -> None:
        living = self.living
        if living is None:
            return
        if living.works and self.world.agenda.now < latest:
            self.later(1, "goodbye", lambda: self._goodbye(latest))
            return
        try:
            self.call("stop", {"reason": "the agent was stopped"}, living.session)
        except (Unreachable, Refused) as error:
            self.world.note(f"{self.name}: no goodbye, {error}")
        self.die()

    def _facts(self) -> dict[str, Any]:
        cpu, memory = self.size
        return {
            "hostname": self.name,
            "os": "Linux",
            "arch": "x86_64",
            "cpu_milli": cpu,
            "memory_mib": memory,
            "disk_free_mib": 1000,
            "gpus": [],
            "container_engine": None,
            "python": "3.11",
            "instance_id": self.machine.id if self.machine else None,
        }

    # its machine

    def _ask_metadata(self) -> None:
        self.later(METADATA_SECONDS, "metadata", self._ask_metadata)
        notice = self.machine.notice_at if self.machine else None
        if notice is None or self.living is None or self.living.notice is not None:
            return
        seconds = (notice - self.world.agenda.now) / 1000
        self.living.interrupted(notice, ending.interrupted(0.0, seconds))

    def _push_deadman(self) -> None:
        self.later(60, "deadman", self._push_deadman)
        works = self.living.works.values() if self.living else ()
        busy = any(not work.over for work in works)
        if self.machine is not None and (busy or self.world.agenda.now - self.heard_at < 90_000):
            self.world.aws.life.push_deadman(self.machine, 20)
