"""What befalls a town: one thing after another, from one seed."""

import random
import signal
import sqlite3
import subprocess
import threading
from collections import Counter
from collections.abc import Callable

from aws_simulator.process import SimulatorError
from tests.storm.town import LEASE_SECONDS, Town
from tests.waiting import pause
from webapp.leadership import LEASE_SECONDS as LEADER_SECONDS

REFUSALS = ("InsufficientInstanceCapacity", "RequestLimitExceeded", "InternalError")
CALLS = ("RequestSpotInstances", "TerminateInstances", "DescribeInstances")


class Weather:
    """`happened` counts what it did."""

    def __init__(self, town: Town, seed: int, brief: bool = False) -> None:
        self.town, self.dice, self._brief = town, random.Random(seed), brief
        self.happened: Counter[str] = Counter()
        self._coming: list[threading.Timer] = []
        # How often: a server that is killed all the time has no time to launch anything.
        self.kinds: dict[Callable[[], None], int] = {
            self.kill_the_server: 1,
            self.pause_a_server: 1,
            self.lock_the_database: 1,
            self.kill_an_agent: 2,
            self.pause_an_agent: 2,
            self.kill_a_machine: 3,
            self.hang_a_machine: 2,
            self.interrupt_a_machine: 3,
            self.lose_an_answer_of_aws: 4,
            self.refuse_at_aws: 4,
            self.bad_network: 3,
        }

    def strike(self) -> None:
        """One thing happens."""
        (kind,) = self.dice.choices(tuple(self.kinds), tuple(self.kinds.values()))
        kind()
        self.happened[kind.__name__.replace("_", " ")] += 1

    def calm(self) -> None:
        """Nothing happens any more, and everybody is back."""
        for timer in self._coming:
            timer.join()
        self.town.proxy.share = 0.0
        self.town.aws.clear_faults()
        for machine in self.town.running_machines():
            self._befall(machine, "unhang")

    def kill_the_server(self) -> None:
        self.town.server.kill()
        pause(self.dice.uniform(0, 2))
        self.town.server.start()

    def pause_a_server(self) -> None:
        """Also for longer than the leader's lease: it must not act on what it knew before."""
        process = self.dice.choice((self.town.server, self.town.spare)).process
        longest = LEASE_SECONDS if self._brief else LEADER_SECONDS + 3
        self._freeze(process, self.dice.choice((1, 2, longest)))

    def lock_the_database(self) -> None:
        """Another program has it, for as long as SQLite waits, or longer."""
        if self.town.settings.database.startswith("sqlite"):
            file = self.town.settings.data_dir / "runners.db"
            other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
            other.execute("BEGIN IMMEDIATE")
            self._later(self.dice.choice((1, 3, 3 if self._brief else 20)), other.close)

    def kill_an_agent(self) -> None:
        agent = self.dice.choice(self.town.agents)
        agent.process.kill()
        agent.process.wait(10)
        pause(self.dice.uniform(0, 1))
        agent.start()

    def pause_an_agent(self) -> None:
        """For longer than its lease: it is lost, and comes back with an old attempt."""
        process = self.dice.choice(self.town.agents).process
        self._freeze(process, LEASE_SECONDS + self.dice.uniform(0, 2))

    def kill_a_machine(self) -> None:
        self._one_machine("kill")

    def hang_a_machine(self) -> None:
        self._one_machine("hang")

    def interrupt_a_machine(self) -> None:
        for machine in self._machines():
            self.town.aws.interrupt(machine, real_seconds=self.dice.uniform(3, 12))

    def lose_an_answer_of_aws(self) -> None:
        mode = self.dice.choice(("lost", "duplicate", "html502"))
        self.town.aws.fault(self.dice.choice(CALLS), mode=mode)

    def refuse_at_aws(self) -> None:
        self.town.aws.fault(self.dice.choice(CALLS), code=self.dice.choice(REFUSALS), times=2)

    def bad_network(self) -> None:
        self.town.proxy.share = self.dice.uniform(0.05, 0.4)
        self._later(self.dice.uniform(1, 3), lambda: setattr(self.town.proxy, "share", 0.02))

    def _freeze(self, process: subprocess.Popen, seconds: float) -> None:
        process.send_signal(signal.SIGSTOP)
        self._later(seconds, lambda: process.send_signal(signal.SIGCONT))

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        timer = threading.Timer(seconds, act)
        timer.start()
        self._coming.append(timer)

    def _machines(self) -> list[str]:
        """One that runs, if there is any."""
        running = self.town.running_machines()
        return [self.dice.choice(running)] if running else []

    def _one_machine(self, what: str) -> None:
        for machine in self._machines():
            self._befall(machine, what)

    def _befall(self, machine: str, what: str) -> None:
        try:
            self.town.aws.befall(machine, what)
        except SimulatorError as error:  # it ended a moment ago
            self.happened[f"too late: {type(error).__name__}"] += 1
