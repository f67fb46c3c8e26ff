"""Hears of everything that happens and says what must not be. The first fault ends the story."""

import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from runner_client.job_spec import Key
from tests.simulation.aws.region import Region
from tests.simulation.aws.things import Thing
from tests.simulation.judge.books import Books
from tests.simulation.judge.limits import Ceilings
from tests.simulation.judge.moves import Noted
from tests.simulation.judge.work import ACTIVE, Works
from tests.simulation.points import Points
from webapp.storage.logs import LogStore

if TYPE_CHECKING:
    from tests.simulation.world import World


class Broken(BaseException):
    """Something that must not be. Not an Exception: the server must not catch it."""


class Ear(logging.Handler):
    """Hears what the server logs."""

    def __init__(self, judge: "Judge") -> None:
        super().__init__(logging.WARNING)
        self.judge = judge

    def emit(self, record: logging.LogRecord) -> None:
        """A warning or worse."""
        words = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            words += f": {record.exc_info[1]!r}"
        self.judge.said.append(words)
        expected = "(simulated)" in words or self.judge.world.refused
        if record.levelno >= logging.ERROR and not expected:
            self.judge.say(f"the server logged: {words}")


class Judge:
    """`accepted`: names of runs whose submission was answered. `calls`: what EC2 was asked.
    `heard`: credential -> when its agent last asked what was answered. `mark`: the group by which
    the installation knows what is its own."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self._ear = Ear(self)
        self.problem = self.mark = ""
        self.accepted: list[str] = []
        self.secrets: set[str] = set()
        self.said: list[str] = []
        self.calls: list[tuple[int, str]] = []
        self.heard: dict[str, int] = {}
        self.when_draining: list[Callable[[], None]] = []
        self.books: Books

    def begin(self) -> None:
        """The database is there."""
        data = self.world.folder / "data"
        self.books = Books(data / "runners.db")
        self.noted, self.limits = Noted(self.books), Ceilings(self.books)
        self.works = Works(self.books, LogStore(data / "logs"), self.world.log_maximum)
        logging.getLogger().addHandler(self._ear)

    def end(self) -> None:
        """No more."""
        logging.getLogger().removeHandler(self._ear)
        self.books.close()

    def say(self, *problems: str) -> None:
        """Keep the first problem of all."""
        for problem in problems:
            self.problem = self.problem or problem

    def look(self) -> None:
        """After every step; raises Broken."""
        self.say(*self.works.believed(self.world.agents))
        if self.problem:
            raise Broken(self.problem)

    # what people do

    def restored(self) -> None:
        """The books are those of a backup: what has come since is nobody's."""
        self.noted = Noted(self.books)
        self.works.restore()
        self.limits.restore(self.world.aws.regions())
        runs = {row["name"] for row in self.books.rows("SELECT name FROM run")}
        self.accepted[:] = [name for name in self.accepted if name in runs]

    # what the server does

    def committed(self) -> None:
        """A process has made something durable."""
        self.limits.look()
        noted, problems = self.noted.look()
        self.say(*problems)
        for row in noted:
            table, old, new = row["table"], row["old"], row["new"]
            self.world.note(f"{table} {row['row'][:12]}: {old} -> {new}")
            if old is not None:
                self.world.tally.moves[table, old, new] += 1
            elif table == "instance":
                self.limits.reserve(row["row"])
            if table == "instance" and new == "terminated":
                self._closed(row["row"])
            if (table, new) == ("job", "running"):
                self.say(*self.works.claimed(row["row"]))
            if table == "job" and old in ("running", "stopping", "aborting"):
                self.say(*self.works.let_go(row["row"]))
            if (table, new) == ("instance", "draining") and self.when_draining:
                self.when_draining.pop()()
            if (table, new) == ("runner", "lost"):
                self._lost(row["row"])

    @property
    def machines_ever(self) -> int:
        """How many rows there have been."""
        return len(self.limits.reserved)

    def _closed(self, token: str) -> None:
        self.limits.closed.add(token)
        for region in self.world.aws.regions():
            for thing in region.existing():
                if thing.token == token and thing.ours:
                    self.say(f"row {token} is terminated, and {thing.id} is {thing.state}")

    def _lost(self, runner_id: str) -> None:
        for agent in self.world.agents:
            if agent.runner_id == runner_id:
                silent = self.world.agenda.now - self.heard.get(agent.credential, 0)
                if silent < self.world.lease_ms:
                    self.say(f"{agent.name} is lost, and was heard {silent / 1000} s ago")

    # what EC2 does

    def came(self, region: Region, thing: Thing) -> None:
        """A launch call had its effect."""
        self.say(*self.limits.came(region, thing))

    def mismatch(self, token: str) -> None:
        """A launch was repeated with other parameters."""
        if token not in self.limits.restored:  # its parameters may have been frozen since
            self.say(f"the call with the token {token} was repeated with other parameters")

    def marked(self, group: str) -> None:
        """The mark is that of the installation: whichever process makes it, and wherever."""
        self.mark = self.mark or group
        if group != self.mark:
            self.say(f"the mark was {self.mark}, and a process makes {group}")

    def ordered_well(self, operation: str, asked: dict[str, Any]) -> None:
        """A launch as it has to be."""
        one_time = asked.get("Type", "one-time") == "one-time"
        if not one_time or asked.get("InstanceCount", 1) != 1:
            self.say(f"{operation} asks for more than one machine once")

    def told_to_end(self, machine: Thing) -> None:
        """TerminateInstances: nothing that the server believes in runs there."""
        query = f"""
        SELECT job.id FROM job JOIN instance ON instance.runner_id = job.runner_id
        WHERE instance.id = ? AND job.status IN {ACTIVE}
        """
        for row in self.books.rows(query, machine.token):
            self.say(f"{machine.id} is terminated while job {row['id']} runs on it")

    def called(self, operation: str, points: Points) -> None:
        """A process asks EC2."""
        self.calls.append((self.world.agenda.now, operation))
        if points.writing:
            self.say(f"{operation} is called inside a write transaction")

    # what agents do

    def printed(self, key: Key, owner: str, data: bytes) -> None:
        """A job printed something."""
        self.say(*self.works.print(key, owner, data))

    def answered(
        self, path: str, headers: dict[str, str], content: bytes, answer: Any, asked_at: int
    ) -> None:
        """The server answered an agent; None: it died. A server that stood still meanwhile heard
        it when it asked, not when it got its answer."""
        if answer is None:
            return
        if answer.status >= 500 and not self.world.refused:
            self.say(f"{path} was answered with {answer.status}: {answer.body[:200]!r}")
        if path in ("start", "poll", "heartbeat") and answer.status == 200:
            self.heard[headers["Authorization"].removeprefix("Bearer ")] = asked_at
        if path.startswith("jobs/") and answer.status == 200:
            job, _, rest = path.removeprefix("jobs/").partition("/")
            attempt = int(rest.partition("attempt=")[2].partition("&")[0])
            self.say(*self.works.kept(Key(job, attempt)))
        if path == "reports":
            self._reported(json.loads(content), json.loads(answer.body))

    def _reported(self, body: dict[str, Any], answer: dict[str, Any]) -> None:
        for report, result in zip(body["reports"], answer.get("results", []), strict=False):
            if result["status"] == 400:
                self.say(f"a good report was refused: {result}")
            if report["kind"] == "finished" and result["status"] == 200:
                self.say(*self.works.reported(report))
