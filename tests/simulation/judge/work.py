"""Jobs: believed on one machine at a time, on machines that may take them, with whole logs."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from runner_client.job_spec import Key
from runner_client.outcome import Outcome
from tests.simulation.judge.books import Books
from webapp.engine.resources import Ask, Gpu, Have, left
from webapp.storage.logs import LogStore, mark

if TYPE_CHECKING:
    from tests.simulation.agents.agent import Agent

ACTIVE = "('running', 'stopping', 'aborting')"


@dataclass
class Works:
    """`printed`: what each attempt has printed so far, and on which machine; `ended`: how it
    really ended. `blurred`: attempts that may be made again, because the books were restored."""

    books: Books
    logs: LogStore
    log_maximum: int
    printed: dict[Key, bytearray] = field(default_factory=dict)
    owners: dict[Key, str] = field(default_factory=dict)
    ended: dict[Key, Outcome] = field(default_factory=dict)
    made: set[Key] = field(default_factory=set)
    blurred: set[Key] = field(default_factory=set)

    def restore(self) -> None:
        """The books are those of a backup, and the logs are gone: numbers are given again."""
        self.blurred |= self.made

    def print(self, key: Key, owner: str, data: bytes) -> Iterator[str]:
        """A job printed something."""
        if self.owners.setdefault(key, owner) != owner and key not in self.blurred:
            yield f"attempt {key.name} runs on {self.owners[key]} and on {owner}"
        self.printed.setdefault(key, bytearray()).extend(data)

    def believed(self, agents: Iterable["Agent"]) -> Iterator[str]:
        """Of the machines that run a job, the server believes at most one."""
        holders: dict[Key, list[str]] = defaultdict(list)
        for agent in agents:
            for key, work in agent.living.works.items() if agent.living else ():
                if not work.over:
                    holders[key].append(agent.runner_id)
        for key, runners in holders.items():
            many = sum(self._is_current(key, each) for each in runners) if len(runners) > 1 else 1
            if many > 1:
                yield f"{many} machines run {key.name}, and the server believes all of them"

    def _is_current(self, key: Key, runner_id: str) -> bool:
        mine = "id = ? AND attempt = ? AND runner_id = ?"
        query = f"SELECT 1 FROM job WHERE {mine} AND status IN {ACTIVE}"
        return self.books.one(query, key.job, key.attempt, runner_id) is not None

    def claimed(self, job_id: str) -> Iterator[str]:
        """A runner took a job: it may, and it has the room."""
        job = self.books.one("SELECT * FROM job WHERE id = ?", job_id)
        if job is None or job["runner_id"] is None or job["status"] != "running":
            return
        self.made.add(Key(job_id, job["attempt"]))
        yield from self._free(job)
        runner = self.books.one("SELECT * FROM runner WHERE id = ?", job["runner_id"])
        assert runner is not None
        if runner["status"] != "live":
            yield f"runner {runner['name']} took job {job_id} while {runner['status']}"
        if self._is_taken_back(runner["id"]):
            yield f"runner {runner['name']} took job {job_id} while EC2 takes its machine back"
        query = f"SELECT * FROM job WHERE runner_id = ? AND status IN {ACTIVE}"
        jobs = self.books.rows(query, runner["id"])
        rest = left(_have(runner), (_ask(each) for each in jobs))
        if rest.cpu_milli < 0 or rest.memory_mib < 0:
            yield f"runner {runner['name']} has more jobs than room"

    def _free(self, job: sqlite3.Row) -> Iterator[str]:
        for need in json.loads(job["depends_on"]):
            needed = self.books.one("SELECT status FROM job WHERE id = ?", need)
            if needed is None or needed["status"] != "done":
                yield f"job {job['id']} was taken before {need} was done"

    def _is_taken_back(self, runner_id: str) -> bool:
        query = """
        SELECT 1 FROM runner LEFT JOIN instance ON instance.runner_id = runner.id
        WHERE runner.id = ? AND runner.kind = 'on-demand'
        AND (runner.interruption_at IS NOT NULL OR instance.interruption_at IS NOT NULL)
        """
        return self.books.one(query, runner_id) is not None

    def let_go(self, job_id: str) -> Iterator[str]:
        """An attempt ended. When EC2 takes the machine back, that spends no retry."""
        query = """
        SELECT attempt.* FROM attempt JOIN job ON job.id = attempt.job_id
        AND job.attempt = attempt.number WHERE job.id = ?
        """
        attempt = self.books.one(query, job_id)
        if attempt is None or attempt["outcome"] in (None, "returned"):
            return
        if attempt["outcome"] != "lost":
            yield from self._as_it_was(attempt)
        elif self._is_taken_back(attempt["runner_id"]) and "agent was" not in attempt["reason"]:
            yield f"job {job_id} lost an attempt ({attempt['reason']}) by an interruption"

    def _as_it_was(self, attempt: sqlite3.Row) -> Iterator[str]:
        key = Key(attempt["job_id"], attempt["number"])
        really = self.ended.get(key)
        booked = (attempt["outcome"], attempt["exit_code"])
        if key in self.blurred:
            return
        if really is None or booked != (really.outcome, really.exit_code):
            yield f"the books say that {key.name} ended {booked}; it did so: {really}"

    def kept(self, key: Key) -> Iterator[str]:
        """What the server holds of a log is the beginning of what was printed."""
        if key in self.blurred:
            return
        printed = bytes(self.printed.get(key, b""))
        held = self.logs.read(key.job, key.attempt, 0, 1 << 30)
        if held != printed[: len(held)] and held != self._cut(printed):
            yield f"the log of {key.name} is not what it printed ({len(held)} bytes)"

    def reported(self, report: dict[str, Any]) -> Iterator[str]:
        """The server took the last report of an attempt: it has the whole log."""
        key = Key(report["job"], report["attempt"])
        query = "SELECT * FROM attempt WHERE job_id = ? AND number = ?"
        attempt = self.books.one(query, key.job, key.attempt)
        if attempt is None or key in self.blurred:
            return
        if attempt["outcome"] != report["outcome"]:
            yield f"{report} was taken, and the books say {attempt['outcome']}"
        if attempt["finished_at"] is None:
            yield f"the report of {key.name} was taken, and its attempt goes on"
        printed = bytes(self.printed.get(key, b""))
        held = self.logs.read(key.job, key.attempt, 0, 1 << 30)
        if held != printed and held != self._cut(printed):
            yield f"{len(held)} of {len(printed)} bytes of the log of {key.name} were kept"

    def _cut(self, printed: bytes) -> bytes:
        if len(printed) < self.log_maximum:
            return printed
        return printed[: self.log_maximum] + mark(self.log_maximum)


def _have(runner: sqlite3.Row) -> Have:
    gpus = tuple(Gpu(each["name"], each["memory_mib"]) for each in json.loads(runner["gpus"]))
    return Have(runner["cpu_milli"], runner["memory_mib"], gpus)


def _ask(job: sqlite3.Row) -> Ask:
    return Ask(job["cpu_milli"], job["memory_mib"], gpu_count=job["gpu_count"])
