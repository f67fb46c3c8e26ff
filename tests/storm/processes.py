"""Servers, agents and their computers: killed, paused, full, with a wrong clock."""

from tests.e2e.server_process import ServerProcess
from tests.storm.sky import Kinds, Sky
from tests.waiting import pause
from webapp.leadership import LEASE_SECONDS as LEADER_SECONDS

HOUR = 3600


class Servers(Sky):
    """What befalls the servers. One that is killed all the time has no time to launch anything."""

    def kinds(self) -> Kinds:
        found: Kinds = {
            self.kill_a_server: 1,
            self.kill_the_leader: 1,
            self.pause_a_server: 1,
            self.pause_the_leader: 1,
        }
        if not self.brief:
            found[self.kill_all_servers] = 1
        return found

    def kill_a_server(self) -> None:
        self._kill(self.dice.choice(self.town.servers))

    def kill_the_leader(self) -> None:
        self._kill(self.town.leader())

    def kill_all_servers(self) -> None:
        self._kill(*self.town.servers)

    def pause_a_server(self) -> None:
        self.freeze(self.dice.choice(self.town.servers).process, self.dice.choice((1, 2, 4)))

    def pause_the_leader(self) -> None:
        """Also past its lease: another one leads, and it must not act on what it knew before."""
        longest = self.town.lease_seconds if self.brief else LEADER_SECONDS + 3
        self.freeze(self.town.leader().process, longest)

    def _kill(self, *servers: ServerProcess) -> None:
        for server in servers:
            server.kill()
        pause(self.dice.uniform(0, 2))
        for server in servers:
            self.town.bring_back(server)


class Agents(Sky):
    """What befalls the agents on machines of one's own."""

    def kinds(self) -> Kinds:
        return {self.kill_an_agent: 2, self.pause_an_agent: 2}

    def kill_an_agent(self) -> None:
        agent = self.dice.choice(self.town.agents)
        agent.process.kill()
        agent.process.wait(10)
        pause(self.dice.uniform(0, 1))
        agent.start()

    def pause_an_agent(self) -> None:
        """For longer than its lease: it is lost, and comes back with an old attempt."""
        process = self.dice.choice(self.town.agents).process
        self.freeze(process, self.town.lease_seconds + self.dice.uniform(0, 2))


class Computers(Sky):
    """Disks that are full and clocks that are set, as far as this computer lets us."""

    def kinds(self) -> Kinds:
        found: Kinds = {}
        if self.town.disks:
            found |= {self.fill_the_disk_of_the_server: 1, self.fill_the_disk_of_a_runner: 1}
        if self.town.clocks:
            found |= {self.set_the_clock_of_the_servers: 1, self.set_the_clock_of_a_runner: 1}
        return found

    def fill_the_disk_of_the_server(self) -> None:
        self._fill("data")

    def fill_the_disk_of_a_runner(self) -> None:
        self._fill(self.dice.choice(("one", "two")))

    def set_the_clock_of_the_servers(self) -> None:
        self._set("servers")

    def set_the_clock_of_a_runner(self) -> None:
        self._set(self.dice.choice(("one", "two")))

    def _fill(self, name: str) -> None:
        disk = self.town.disks[name]
        disk.fill()
        self.later(self.dice.uniform(1, 6), disk.free)

    def _set(self, name: str) -> None:
        """By an hour, and back to the right time after a while: one step forward, one back."""
        clock = self.town.clocks[name]
        clock.set(self.dice.choice((-HOUR, HOUR)))
        self.later(self.dice.uniform(3, 20), lambda: clock.set(0))
