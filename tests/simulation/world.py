"""The whole of it: servers, agents, EC2 and people, moved on one step at a time."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from tests.simulation.agenda import START, Agenda
from tests.simulation.agents.agent import Agent
from tests.simulation.aws.everything import Aws
from tests.simulation.aws.region import TYPES
from tests.simulation.aws.things import Thing
from tests.simulation.chance import Chance, seeded_system
from tests.simulation.deeds import DEEDS
from tests.simulation.deeds.account import enter_keys
from tests.simulation.deeds.person import ADA, by_person
from tests.simulation.judge.books import add_triggers, copy_file
from tests.simulation.judge.judge import Judge
from tests.simulation.script import STORM_SECONDS, Act, Script
from tests.simulation.server import Server, settings
from tests.simulation.tally import Tally
from webapp import create_app
from webapp.clock import now
from webapp.extensions import db
from webapp.models.aws_account import set_rules
from webapp.models.token import new_token
from webapp.models.transaction import writing
from webapp.models.user import add_user_with_hash, user_named
from webapp.start import prepare

DEEPEST = 3  # stalls inside of each other


class World:
    """`slowness`: how much rarer tasks and polls are; more than 1 once the storm is over."""

    def __init__(self, script: Script, folder: Path) -> None:
        self.script, self.folder = script, folder
        self.chance, self.agenda, self.tally = Chance(script.seed), Agenda(), Tally()
        self.judge = Judge(self)
        self.aws = Aws(self)
        known = settings(folder, script.settings)
        self.log_maximum, self.lease_ms = known.log_maximum, int(known.lease_seconds * 1000)
        self.servers = [Server(self, number) for number in range(script.servers)]
        self.agents: list[Agent] = []
        self.slowness = 1.0
        self.jobs_made = 0
        self.no_server_until = 0
        self.refused = False
        self.clock_off = 0  # of the host of the servers, milliseconds
        self._depth = 0
        self._own = 0
        self._asked = 0

    def go_on(self, seconds: float) -> None:
        """Everything that happens in that time."""
        self._run_until(self.agenda.now + int(seconds * 1000))

    def stall(self, seconds: float) -> None:
        """A process stands still here: the rest of the world goes on."""
        if self._depth < DEEPEST:
            self._depth += 1
            try:
                self.go_on(seconds)
            finally:
                self._depth -= 1

    def trap_sprung(self, kind: str, place: str) -> None:
        """Something that was set for a process went off."""
        self.tally.faults[f"server {kind}"] += 1
        self.refused = self.refused or kind in ("refuse", "full")
        self.note(f"{kind} at {place}")

    def note(self, line: str) -> None:
        """For the trace."""
        self.tally.note(f"{self.agenda.since_start:8.1f} {line}")

    def a_server(self, caller: str) -> Server | None:
        """One that serves now."""
        up = [each for each in self.servers if each.up]
        self._asked += 1
        return self.chance.of("server for", caller, self._asked).choice(up) if up else None

    # machines and agents

    def machine_boots(self, machine: Thing, token: str) -> None:
        """Its user data has come as far as the agent."""
        self.judge.secrets.add(token)
        vcpus, memory, _ = TYPES[machine.instance_type]
        agent = Agent(self, machine.id, token, machine, (vcpus * 1000, memory))
        self.agents.append(agent)
        agent.begin()

    def machine_ends(self, machine: Thing) -> None:
        """What ran on it is gone."""
        for agent in self.agents:
            if agent.machine is machine:
                agent.die()

    def agent_again(self, agent: Agent) -> None:
        """Its process is started again, when its machine is there."""
        if agent.machine is None or agent.machine.state == "running":
            agent.begin()

    def add_own_agent(self) -> None:
        """A machine of somebody's own."""
        self._own += 1
        agent = Agent(self, f"own-{self._own}", _template()[1], None, (2000, 4096))
        self.agents.append(agent)
        agent.begin()

    def clone(self, agent: Agent, same_id: bool) -> None:
        """The disk of a machine is copied, and the copy is started."""
        self._own += 1
        copy = Agent(self, f"own-{self._own}", agent.token, None, agent.size)
        copy.credential, copy.runner_id = agent.credential, agent.runner_id
        if same_id:
            copy.machine_id = agent.machine_id
        if agent.session_path.exists():
            shutil.copy(agent.session_path, copy.session_path)
        self.agents.append(copy)
        copy.begin()

    # the books

    def back_up(self) -> None:
        """A copy of the database, while servers run."""
        copy_file(self.folder / "data" / "runners.db", self.folder / "backup.db")

    def restore(self) -> None:
        """All servers end, and others begin with the books of the last backup, without logs."""
        if not (self.folder / "backup.db").exists():
            return
        self.tally.faults["books restored"] += 1
        for server in self.servers:
            server.die()
        copy_file(self.folder / "backup.db", self.folder / "data" / "runners.db")
        shutil.rmtree(self.folder / "data" / "logs", ignore_errors=True)
        self.judge.restored()

    # from beginning to end

    def begin(self) -> None:
        """A server with keys, and somebody's own machines."""
        data = self.folder / "data"
        data.mkdir(parents=True)
        (data / "writers").mkdir()  # no file: nobody queues for SQLite's lock behind itself
        shutil.copy(_template()[0], data / "runners.db")
        self.judge.begin()
        for server in self.servers:
            server.start()
        enter_keys(self, 0)
        by_person(self, lambda: set_rules(ADA, now(), **self.script.rules))
        for _ in range(self.script.own):
            self.add_own_agent()
        for act in self.script.acts:
            self.agenda.at(START + int(act.at * 1000), f"act {act.name}", lambda a=act: self._do(a))

    def storm(self) -> None:
        """All acts of the script."""
        self._run_until(START + int(STORM_SECONDS * 1000))

    def abandon(self, seconds: float) -> None:
        """Every server is gone for so long."""
        self.note("no server any more")
        self.no_server_until = self.agenda.now + int(seconds * 1000)
        for server in self.servers:
            server.die()
        self.go_on(seconds)

    def calm(self) -> None:
        """Nothing goes wrong any more."""
        self.note("the storm is over")
        self.aws.calm()
        self.no_server_until = self.clock_off = 0
        for server in self.servers:
            server.points.traps.clear()
            server.start()
        for agent in self.agents:
            agent.hung_until = agent.wire.cut_until = 0
            agent.wire.rules.clear()

    def _do(self, act: Act) -> None:
        self.note(str(act))
        DEEDS[act.name].act(self, **act.args)

    def _run_until(self, moment: int) -> None:
        while entry := self.agenda.take(moment):
            self.tally.steps += 1
            entry.act()
            self.judge.look()
            self.refused = self.refused and self._depth > 0


@cache
def _template() -> tuple[Path, str]:
    """A migrated database with a person and triggers, and that person's token."""
    folder = Path(tempfile.mkdtemp(prefix="simulation-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with seeded_system(0):
        app = create_app(settings(folder, {}), lambda: START)
        prepare(app)
        with app.app_context():
            with writing():
                about = ("ada", "ada@example.org", "admin", "no hash")
                add_user_with_hash(ADA, *about, START)
                token = new_token(ADA, user_named("ada"), START)
            db.session.remove()
            db.engine.dispose()
    path = folder / "data" / "runners.db"
    add_triggers(path)
    return path, token
