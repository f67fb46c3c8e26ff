"""A machine's way: pending, running, shutting-down, terminated, and forgotten after an hour."""

from __future__ import annotations

from collections.abc import Callable

from aws_simulator.ec2 import networks
from aws_simulator.ec2.machine import Launch, Machine
from aws_simulator.ec2.spot_request import SpotRequest
from aws_simulator.world import World, new_id

FORGOTTEN_AFTER = 3600.0  # simulated seconds a terminated machine stays listed
BY_USER = ("Client.UserInitiatedShutdown", "User initiated shutdown")
FROM_INSIDE = ("Client.InstanceInitiatedShutdown", "Instance initiated shutdown")
INTERRUPTED = ("Server.SpotInstanceTermination", "Spot instance termination")
HARDWARE = ("Server.InternalError", "Internal error on launch or of the hardware")

OnSpotEnd = Callable[[SpotRequest, str], None]


class Lifecycle:
    def __init__(self, world: World) -> None:
        self.world = world
        self.when_capacity_frees: Callable[[], None] = lambda: None
        self.when_spot_ends: OnSpotEnd = lambda request, code: None

    def birth(
        self,
        launch: Launch,
        request: SpotRequest | None = None,
        reservation: str | None = None,
        index: int = 0,
    ) -> Machine:
        """A pending machine that begins to run after the boot time. Hold the world's lock."""
        world, number = self.world, self.world.next_number()
        subnet = networks.subnet(launch.region, launch.subnet_id)
        machine = Machine(
            id=new_id("i"),
            number=number,
            launch=launch,
            reservation_id=reservation or new_id("r"),
            born=world.clock(),
            private_ip=networks.private_ip(subnet.cidr_block, number),
            public_ip=networks.public_ip(number) if launch.public_ip else None,
            request_id=request.id if request else None,
            index=index,
        )
        world.machines.setdefault(launch.region, {})[machine.id] = machine
        if request:
            self._count_filled(request, machine)
        else:
            world.tally.move(machine.tally_names, None, "pending")
        world.journal.note("born", machine.id, request=machine.request_id, zone=launch.zone)
        self._later(machine, world.knobs.boot_seconds, lambda: self._run(machine))
        return machine

    def _count_filled(self, request: SpotRequest, machine: Machine) -> None:
        # One move, so that a request and the machine it turns into never count twice.
        self.world.tally.move(machine.tally_names, "open" if request.may_fill else None, "pending")
        request.may_fill = False

    def _later(self, machine: Machine, seconds: float, action: Callable[[], None]) -> None:
        machine.timers.append(self.world.agenda.after(seconds, action))

    def _move(self, machine: Machine, state: str) -> None:
        self.world.tally.move(machine.tally_names, machine.state, state)
        machine.state = state
        self.world.journal.note(state, machine.id, reason=machine.reason[0])

    def _run(self, machine: Machine) -> None:
        with self.world.lock:
            if machine.state != "pending":
                return
            self._move(machine, "running")
            self.world.room.boot(machine)

    def terminate(
        self,
        machine: Machine,
        reason: tuple[str, str] = BY_USER,
        request_code: str = "instance-terminated-by-user",
        at_once: bool = False,
    ) -> None:
        """Begin the end of a machine; a second call changes nothing. Hold the world's lock."""
        if machine.state in ("shutting-down", "terminated"):
            return
        self._leave(machine, reason, "shutting-down")
        if not at_once:
            self.world.room.quit(machine)
        if request := self.world.request_of(machine):
            self.when_spot_ends(request, request_code)
        wait = 0.0 if at_once else self.world.knobs.stop_seconds
        self._later(machine, wait, lambda: self._switch_off(machine, self._gone))

    def stop(self, machine: Machine) -> None:
        """Shut down without termination (behaviour "stop"). Hold the world's lock."""
        self._leave(machine, FROM_INSIDE, "stopping")
        self.world.room.quit(machine)
        wait = self.world.knobs.stop_seconds
        self._later(machine, wait, lambda: self._switch_off(machine, self._stopped))

    def _leave(self, machine: Machine, reason: tuple[str, str], state: str) -> None:
        for timer in machine.timers:
            timer.cancel()
        machine.timers.clear()
        code, sentence = reason
        machine.reason = (code, f"{code}: {sentence}")
        machine.transition = sentence
        machine.ended = self.world.clock()
        self._move(machine, state)

    def _switch_off(self, machine: Machine, then: Callable[[Machine], None]) -> None:
        self.world.room.destroy(machine, lambda: then(machine))

    def _stopped(self, machine: Machine) -> None:
        with self.world.lock:
            if machine.state == "stopping":
                self._move(machine, "stopped")
                self.when_capacity_frees()

    def _gone(self, machine: Machine) -> None:
        with self.world.lock:
            self._move(machine, "terminated")
            # Addresses belong to nobody now, as in EC2.
            machine.public_ip, machine.private_ip = None, ""
            hour = self.world.simulated(FORGOTTEN_AFTER)
            self.world.agenda.after(hour, lambda: self._forget(machine))
            self.when_capacity_frees()

    def _forget(self, machine: Machine) -> None:
        with self.world.lock:
            self.world.machines[machine.launch.region].pop(machine.id, None)
