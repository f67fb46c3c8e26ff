"""The machine room: turns machines into processes, one order after the other."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from aws_simulator.ec2.machine import Machine
from aws_simulator.machines.computer import Computer
from aws_simulator.machines.consoles import Consoles
from aws_simulator.machines.isolation import Isolation
from aws_simulator.machines.power import Power
from aws_simulator.machines.process_tree import ProcessTree
from aws_simulator.machines.shims import write_shims
from aws_simulator.world import World

log = logging.getLogger(__name__)
PATIENCE = 20.0  # seconds the control API waits for an order to be carried out


class Room:
    def __init__(
        self,
        world: World,
        root: Path,
        isolation: Isolation,
        metadata_url: Callable[[str], str],
        power: Power,
    ) -> None:
        self.world, self.root, self.isolation = world, root, isolation
        self.metadata_url, self.power = metadata_url, power
        self.shims = write_shims(root / "shims")
        self.computers: dict[str, Computer] = {}
        self.consoles = Consoles()
        self._orders = ThreadPoolExecutor(1, thread_name_prefix="machine-room")
        power.is_hung = self.is_hung

    def _order(self, work: Callable[[], None]) -> Future[None]:
        def carried_out() -> None:
            try:
                work()
            except Exception:
                log.exception("The machine room could not carry out an order")
                raise

        return self._orders.submit(carried_out)

    def boot(self, machine: Machine) -> None:
        if self.world.knobs.boot_user_data:
            self._order(lambda: self._boot(machine))

    def _boot(self, machine: Machine) -> None:
        if machine.state != "running":
            return
        tree = ProcessTree(self.isolation, machine.id)
        computer = Computer(machine, self.root / machine.id, tree)
        self.computers[machine.id] = computer
        computer.furnish()
        command = self._command(computer)
        url = self.metadata_url(machine.id)
        reading = tree.start(
            command, computer.folder / "home", computer.environment(self.shims, url)
        )
        self.consoles.add(reading, computer.console, self.world.knobs.console_limit)
        computer.booted_at = self.world.clock()
        self.world.journal.note("booted", machine.id, pid=tree.pid, user_data=computer.outcome)

    def _command(self, computer: Computer) -> list[str]:
        with self.world.lock:
            if self.world.knobs.take("boots_without_user_data"):
                computer.outcome = "never run"
                return []
            if self.world.knobs.take("boots_that_exit"):
                computer.outcome = "ended at once"
                return ["/bin/sh", "-c", "exit 1"]
        command = computer.script()
        computer.outcome = "run" if command else "not a script"
        return command

    def quit(self, machine: Machine) -> None:
        def ask() -> None:
            if computer := self.computers.get(machine.id):
                computer.tree.signal(signal.SIGTERM)

        self.power.disarm(machine.id)
        if self.world.knobs.boot_user_data or machine.id in self.computers:
            self._order(ask)

    def destroy(self, machine: Machine, then: Callable[[], None]) -> None:
        def work() -> None:
            if computer := self.computers.get(machine.id):
                computer.tree.kill()
            then()

        self._order(work)

    def is_hung(self, machine_id: str) -> bool:
        computer = self.computers.get(machine_id)
        return computer is not None and computer.hung

    def hang(self, machine: Machine) -> None:
        """Freeze every process; EC2 goes on saying "running"."""
        computer = self._computer(machine)
        computer.hung = True
        self._order(computer.tree.freeze).result(PATIENCE)
        self.world.journal.note("hangs", machine.id)

    def unhang(self, machine: Machine) -> None:
        computer = self._computer(machine)
        computer.hung = False
        self._order(computer.tree.thaw).result(PATIENCE)
        self.world.journal.note("hangs no longer", machine.id)
        self.power.woke_up(machine)

    def crash(self, machine: Machine) -> None:
        """Every process dies; EC2 goes on saying "running"."""
        computer = self._computer(machine)
        computer.crashed = True
        self.power.disarm(machine.id)
        self._order(computer.tree.kill).result(PATIENCE)
        self.world.journal.note("crashed", machine.id)

    def _computer(self, machine: Machine) -> Computer:
        computer = self.computers.get(machine.id)
        if computer is None or machine.state != "running":
            raise ValueError(f"{machine.id} has no processes: it is {machine.state}.")
        return computer

    def clear(self) -> None:
        """Kill everything that runs."""

        def work() -> None:
            for computer in self.computers.values():
                computer.tree.kill()
            self.computers.clear()

        self._order(work).result(PATIENCE * 3)
        self.power.forget()

    def close(self) -> None:
        self.clear()
        self._orders.shutdown()
        self.consoles.close()
