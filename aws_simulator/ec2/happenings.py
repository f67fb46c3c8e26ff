"""What befalls a machine without anybody's API call: interruption, sudden death, shutdown."""

from __future__ import annotations

from aws_simulator.ec2.lifecycle import FROM_INSIDE, HARDWARE, INTERRUPTED, Lifecycle
from aws_simulator.ec2.machine import Machine
from aws_simulator.ec2.market import Market
from aws_simulator.world import World

NO_CAPACITY = "instance-terminated-no-capacity"


class Happenings:
    def __init__(self, world: World, lifecycle: Lifecycle, market: Market) -> None:
        self.world = world
        self.lifecycle = lifecycle
        self.market = market

    def interrupt(self, machine: Machine, seconds: float) -> None:
        """Spot notice now, the end in so many real seconds.

        The request's status says so at once while the machine is still running (EC2 user
        guide, "Spot Instance interruption notices").
        """
        with self.world.lock:
            self._must_be_live(machine)
            if machine.launch.lifecycle != "spot":
                raise ValueError(f"{machine.id} is not a spot instance: EC2 never interrupts it.")
            machine.notice = self.world.clock() + seconds
            if request := self.world.request_of(machine):
                self.market.close(request, NO_CAPACITY)
            self.world.journal.note("interruption notice", machine.id, seconds=seconds)
            entry = self.world.agenda.after(seconds, lambda: self._take_away(machine))
            machine.timers.append(entry)

    def _take_away(self, machine: Machine) -> None:
        with self.world.lock:
            self.lifecycle.terminate(machine, INTERRUPTED, NO_CAPACITY)

    def rebalance(self, machine: Machine) -> None:
        with self.world.lock:
            self._must_be_live(machine)
            machine.rebalance = self.world.clock()
            self.world.journal.note("rebalance recommended", machine.id)

    def kill(self, machine: Machine) -> None:
        """Sudden death: no notice, and no time for the processes to end themselves."""
        with self.world.lock:
            self._must_be_live(machine)
            self.world.journal.note("sudden death", machine.id)
            spot = machine.launch.lifecycle == "spot"
            reason, code = (INTERRUPTED, NO_CAPACITY) if spot else (HARDWARE, "system-error")
            self.lifecycle.terminate(machine, reason, code, at_once=True)

    def shut_down(self, machine: Machine) -> None:
        """`shutdown` was called inside. One-time spot machines terminate, always."""
        with self.world.lock:
            if machine.state != "running":
                return
            self.world.journal.note("shutdown from inside", machine.id)
            spot = machine.launch.lifecycle == "spot"
            if spot or machine.launch.shutdown_behavior == "terminate":
                self.lifecycle.terminate(machine, FROM_INSIDE)
            else:
                self.lifecycle.stop(machine)

    def _must_be_live(self, machine: Machine) -> None:
        if not machine.live:
            raise ValueError(f"{machine.id} is {machine.state}: nothing can happen to it any more.")
