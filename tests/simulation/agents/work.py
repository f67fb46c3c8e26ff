"""A job that a simulated agent runs: what it prints, how long it takes, how it ends."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from runner_client import outcome
from runner_client.folders import Folder
from runner_client.job import Job
from runner_client.job_spec import JobSpec

if TYPE_CHECKING:
    from tests.simulation.world import World

TERM, KILL = 15, 9


@dataclass(frozen=True)
class Task:
    """What a simulated job does; it is written into its commands.

    `codes`: the exit code of each attempt, the last one for all that follow; `prints` bytes in
    `pieces`; `deaf`: it does not hear SIGTERM.
    """

    name: int
    seconds: float
    prints: int
    pieces: int
    codes: list[int] = field(default_factory=lambda: [0])
    deaf: bool = False

    def commands(self) -> str:
        """As the commands of a job."""
        return json.dumps(vars(self))

    def text(self, attempt: int, piece: int, world: "World") -> bytes:
        """What this attempt prints as that piece; some of it is no text at all."""
        size = self.prints // max(1, self.pieces)
        return world.chance.of("print", self.name, attempt, piece).randbytes(size)


class Work:
    """One attempt on one machine, from its taking to its outcome."""

    def __init__(self, world: "World", owner: str, spec: JobSpec, jobs: Path, most: int) -> None:
        self.world, self.owner = world, owner
        self.task = Task(**json.loads(spec.commands))
        self.job = Job(spec, Folder(jobs, spec.key.name), most)
        self.job.folder.path.mkdir(exist_ok=True)
        self.running = False
        self.started_told = False
        self.told_at = 0

    @property
    def over(self) -> bool:
        """Whether there is an outcome."""
        return self.job.outcome is not None

    def begin(self) -> None:
        """The first instruction runs."""
        self.running = True
        self.job.started_at = self.world.agenda.now

    def print_piece(self, piece: int) -> None:
        """Some more of its output."""
        data = self.task.text(self.job.key.attempt, piece, self.world)
        self.world.judge.printed(self.job.key, self.owner, data)
        self.job.spool.append(data)

    def exit(self) -> None:
        """It ends by itself."""
        attempt = self.job.key.attempt
        code = self.task.codes[min(attempt, len(self.task.codes)) - 1]
        self._end(code, signalled=False)

    def kill(self) -> None:
        """It is ended by the order that it has."""
        self._end(-TERM, signalled=True)

    def never_begun(self) -> None:
        """An order came before there was anything to end."""
        wanted = self.job.control.ending
        assert wanted is not None
        self._become(outcome.Outcome(wanted.outcome, reason=wanted.reason))

    def _end(self, returncode: int, signalled: bool) -> None:
        ending = self.job.control.ending
        self._become(outcome.of_process(returncode, ending, signalled))

    def _become(self, what: outcome.Outcome) -> None:
        self.running = False
        self.job.outcome = what
        self.job.finished_at = self.world.agenda.now
        self.world.tally.seen[f"job {what.outcome}"] += 1
        self.world.judge.works.ended[self.job.key] = what
