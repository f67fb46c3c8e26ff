"""A server, its practice AWS, two machines of one's own, and the network between them."""

import os
import signal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from aws_simulator.process import SimulatorProcess
from scripts.demo.api import Api
from tests import people
from tests.agent_process import AgentProcess
from tests.conftest import make_app, test_settings
from tests.e2e.on_demand.conftest import _endpoints, _furnish, _variables
from tests.e2e.on_demand.scene import Scene
from tests.e2e.server_process import ServerProcess
from tests.storm.proxy import Proxy
from tests.waiting import eventually
from webapp.extensions import db
from webapp.models.job import Attempt, Job
from webapp.models.run import Run

LIMITS = {"eu-west-1": 2, "us-west-2": 2, "eu-central-1": 1}  # region -> maximum
LEASE_SECONDS = 4
FINAL = ("done", "failed", "stopped", "aborted")


class Town(Scene):
    """`with Town(folder, template, seed) as town`; everything in it dies with it."""

    def __init__(self, folder: Path, template: Path | None, seed: int) -> None:
        self.folder, self.work = folder, folder / "work"
        self.work.mkdir()
        self.aws = SimulatorProcess(boot=0.3, stop=0.3, enforce_iam=True, root=folder)
        self.settings = test_settings(folder)
        self.app = make_app(template, self.settings)
        self._seed = seed
        self.agents: list[AgentProcess] = []

    def __enter__(self) -> "Town":
        self.aws.start()
        variables = _variables(self.settings) | _endpoints(self.aws)
        variables |= {"LEASE_SECONDS": str(LEASE_SECONDS), "LOG_LEVEL": "warning"}
        self.server = ServerProcess(self.folder, **variables)
        self.proxy = Proxy(self.server.port, self._seed).__enter__()
        self.server.settings["PUBLIC_URL"] = self.proxy.url  # machines take the same road
        with self.app.app_context():
            _furnish(self.server)
            self._token = people.token("member")
        # A second server on the same books: it leads whenever the first one is dead or asleep.
        self.spare = ServerProcess(self.folder, **variables, PUBLIC_URL=self.proxy.url)
        self.server.start()
        self.spare.start()
        self.api = Api(self.server.url, self.server.token)
        self.enter_keys()
        for region, maximum in LIMITS.items():
            self.limit(region, maximum)
        self.agents = [self._agent(name) for name in ("one", "two")]
        return self

    def __exit__(self, *_: object) -> None:
        for agent in self.agents:
            agent.close()
        for server in (self.server, self.spare):
            server.process.send_signal(signal.SIGCONT)
            server.close()
        self.aws.stop()
        self.proxy.__exit__()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def _agent(self, name: str) -> AgentProcess:
        agent = AgentProcess(self.folder / name)
        return agent.config(self.proxy.url, self._token, "--max-jobs", "1").start()

    def jobs(self) -> list[Any]:
        table = Job.__table__
        return self._all(select(table).order_by(table.c.submitted_at))

    def empty(self, region: str) -> None:
        """Until EC2 has nothing left there, and the books say the same."""
        if self.instances(region):
            self.gone(region)
        assert self.in_aws(region) == []

    def running_machines(self) -> list[str]:
        return sorted(each["id"] for region in LIMITS for each in self.in_aws(region, "running"))

    def run_names(self) -> set[str]:
        return {row.name for row in self._all(select(Run.name))}

    def all_attempts(self) -> list[Any]:
        return self._all(select(Attempt.__table__))

    def all_final(self, seconds: float) -> None:
        """Until every job that was ever accepted has ended."""

        def unfinished() -> list[str]:
            return [
                f"{job.id} {job.status}: {job.waiting or job.reason}"
                for job in self.jobs()
                if job.status not in FINAL
            ]

        try:
            eventually(lambda: not unfinished(), seconds)
        except AssertionError:
            raise AssertionError(f"after {seconds} s: {unfinished()}") from None

    def left_behind(self) -> list[str]:
        """Processes that have to do with this town's folder, but the three that serve it, and what
        is left of jobs on its machines."""
        ours = {self.server.process.pid, self.spare.process.pid, self.aws.process.pid}
        ours |= {agent.process.pid for agent in self.agents}
        left = [f"process {pid}: {words}" for pid, words in _about(self.folder) if pid not in ours]
        return left + [name for agent in self.agents for name in agent.jobs_left()]


def _about(folder: Path) -> list[tuple[int, str]]:
    """(pid, command line) of processes whose environment or command line names the folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_bytes()
            about = str(folder).encode() in words + (path / "environ").read_bytes()
        except OSError:  # it ended while we looked
            continue
        if about and int(path.name) != os.getpid():
            found.append((int(path.name), words.replace(b"\0", b" ").decode("utf-8", "replace")))
    return found
