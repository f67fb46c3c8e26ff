"""Two servers on the same books, their practice AWS, two machines of one's own, and the network
between them."""

import os
import signal
import time
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from aws_simulator.process import SimulatorProcess
from scripts.demo.api import Api
from tests import people
from tests.agent_process import AgentProcess
from tests.conftest import make_app, test_settings
from tests.e2e.on_demand.conftest import _endpoints, _furnish, _variables
from tests.e2e.on_demand.scene import Scene
from tests.e2e.server_process import ServerProcess
from tests.storm.clocks import OwnClock, may_be_set
from tests.storm.disks import SmallDisk, may_mount
from tests.storm.proxy import Proxy
from webapp.extensions import db
from webapp.models.job import Attempt, Job
from webapp.models.lease import LEADER, holder_of
from webapp.models.run import Run

LIMITS = {"eu-west-1": 2, "us-west-2": 2, "eu-central-1": 1}  # region -> maximum
LEASE_SECONDS, BRIEF_LEASE_SECONDS = 10, 4  # of a runner
BACK_SECONDS = 180  # on a busy computer
DISKS = {"data": 96, "one/home": 32, "two/home": 32}  # MiB


class Town(Scene):
    """`with Town(folder, template, seed) as town`; everything in it dies with it. `brief`: nothing
    in it is more than a short storm needs."""

    def __init__(self, folder: Path, template: Path | None, seed: int, brief: bool = False) -> None:
        self.folder, self.work, self.temporary = folder, folder / "work", folder / "tmp"
        self.work.mkdir()
        self.temporary.mkdir()
        self.disks: dict[str, SmallDisk] = {}
        self.clocks: dict[str, OwnClock] = {}
        if not brief and may_mount():
            found = {n.partition("/")[0]: SmallDisk(folder / n, m) for n, m in DISKS.items()}
            self.disks.update(found)
        if not brief and may_be_set(folder):
            self.clocks = {n: OwnClock(folder / f"clock-{n}") for n in ("servers", "one", "two")}
        self.aws = SimulatorProcess(boot=0.3, stop=0.3, enforce_iam=True, root=folder)
        self.settings = test_settings(folder)
        self.app = make_app(template, self.settings)
        self._seed, self.too_late = seed, 0
        self.lease_seconds = BRIEF_LEASE_SECONDS if brief else LEASE_SECONDS
        self.agents: list[AgentProcess] = []

    def __enter__(self) -> "Town":
        self.aws.start()
        variables = _variables(self.settings) | _endpoints(self.aws) | self._own("servers")
        variables |= {"LEASE_SECONDS": str(self.lease_seconds), "LOG_LEVEL": "warning"}
        variables["PROCESSES"] = ""  # as many as usual
        self.server = ServerProcess(self.folder, **variables)
        self.proxy = Proxy(self.server.port, self._seed).__enter__()
        self.server.settings["PUBLIC_URL"] = self.proxy.url  # machines take the same road
        with self.app.app_context():
            _furnish(self.server)
            self._token = people.token("member")
        # A second server on the same books: it leads whenever the first one is dead or asleep.
        self.spare = ServerProcess(self.folder, **variables, PUBLIC_URL=self.proxy.url)
        self.servers = (self.server, self.spare)
        for server in self.servers:
            server.start(BACK_SECONDS)
        self.api = Api(self.server.url, self.server.token)
        self.enter_keys()
        for region, maximum in LIMITS.items():
            self.limit(region, maximum)
        self.agents = [self._agent(name) for name in ("one", "two")]
        return self

    def __exit__(self, *_: object) -> None:
        for agent in self.agents:
            agent.close()
        for server in self.servers:
            server.process.send_signal(signal.SIGCONT)
            server.close()
        self.aws.stop()
        self.proxy.__exit__()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for disk in self.disks.values():
            disk.close()  # what was in it stays, for whoever wants to look

    def _own(self, name: str) -> dict[str, str]:
        """Variables of a process: where its temporary files go, and its clock."""
        clock = self.clocks[name].variables() if name in self.clocks else {}
        return {"TMPDIR": str(self.temporary), **clock}

    def _agent(self, name: str) -> AgentProcess:
        agent = AgentProcess(self.folder / name, **self._own(name))
        return agent.config(self.proxy.url, self._token, "--max-jobs", "1").start()

    def bring_back(self, server: ServerProcess) -> None:
        """As systemd does it: begun again until it stays, also when its disk is full just now."""
        deadline = time.monotonic() + BACK_SECONDS
        while True:
            try:
                server.start(BACK_SECONDS)
            except AssertionError:
                server.close()  # or it has ended by itself
                if time.monotonic() > deadline:
                    raise
            else:
                return

    def leader(self) -> ServerProcess:
        """The server whose process holds the life sign that the lease names; the first one when
        nobody leads, or the books do not answer just now."""
        with self.app.app_context():
            try:
                holder = holder_of(LEADER) or ""
            except Exception:  # noqa: BLE001 - the database is what the weather is about
                holder = ""
            db.session.remove()
        holding = (each for each in self.servers if holder and _has_open(each, holder))
        return next(holding, self.server)

    def jobs(self) -> list[Any]:
        table = Job.__table__
        return self._all(select(table).order_by(table.c.submitted_at))

    def jobs_at_work(self) -> int | None:
        """How many have not ended; None when the books do not answer."""
        query = select(func.count()).where(Job.status.in_(("submitted", "running")))
        try:
            return self._all(query)[0][0]
        except Exception:  # noqa: BLE001 - the database is what the weather is about
            return None

    def running_machines(self) -> list[str]:
        return sorted(each["id"] for region in LIMITS for each in self.in_aws(region, "running"))

    def run_names(self) -> set[str]:
        return {row.name for row in self._all(select(Run.name))}

    def all_attempts(self) -> list[Any]:
        return self._all(select(Attempt.__table__))

    def pids(self) -> set[int]:
        """Of those that may be here at the end."""
        others = [each.process.pid for each in (self.aws, *self.agents)]
        return {os.getpid(), *others, *(pid for each in self.servers for pid in each.pids())}


def _has_open(server: ServerProcess, name: str) -> bool:
    files = Path(f"/proc/{server.process.pid}/fd")
    try:
        return any(os.readlink(each).endswith(name) for each in files.iterdir())
    except OSError:  # it ended while we looked
        return False
