"""Everything that exists in practice AWS, behind one lock."""

from __future__ import annotations

import itertools
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from typing import Protocol

from aws_simulator.agenda import Agenda
from aws_simulator.ec2.client_tokens import ClientTokens
from aws_simulator.ec2.machine import Launch, Machine
from aws_simulator.ec2.spot_request import SpotRequest
from aws_simulator.journal import Journal
from aws_simulator.knobs import Knobs
from aws_simulator.tally import Tally


class MachineRoom(Protocol):
    """Where machines become processes. Calls return at once; work is done in call order."""

    def boot(self, machine: Machine) -> None: ...

    def quit(self, machine: Machine) -> None:
        """Ask every process to end (SIGTERM), as an operating system does at shutdown."""

    def destroy(self, machine: Machine, then: Callable[[], None]) -> None:
        """Kill what is left of it; `then` is called when nothing is."""


class World:
    def __init__(
        self, timescale: float = 1.0, clock: Callable[[], float] = time.time, **knobs: object
    ) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.timescale = timescale
        self.start_knobs = dict(knobs)
        self.agenda = Agenda(clock)
        self.room: MachineRoom
        self.forget()

    def forget(self) -> None:
        """Back to the beginning: nothing exists, nothing happened, knobs as at the start."""
        self.agenda.clear()
        self.knobs = Knobs()
        self.knobs.update(self.start_knobs)
        self.journal = Journal(self.clock)
        self.tally = Tally()
        self.tokens = ClientTokens()
        self.machines: dict[str, dict[str, Machine]] = {}
        self.requests: dict[str, dict[str, SpotRequest]] = {}
        self.group_births: dict[str, float] = {}
        self._numbers = itertools.count()

    def next_number(self) -> int:
        return next(self._numbers)

    def all_machines(self) -> Iterator[Machine]:
        return itertools.chain.from_iterable(each.values() for each in self.machines.values())

    def all_requests(self) -> Iterator[SpotRequest]:
        return itertools.chain.from_iterable(each.values() for each in self.requests.values())

    def machine(self, machine_id: str) -> Machine | None:
        return next((m for m in self.all_machines() if m.id == machine_id), None)

    def request_of(self, machine: Machine) -> SpotRequest | None:
        requests = self.requests.get(machine.launch.region, {})
        return requests.get(machine.request_id or "")

    def visible(self, born: float) -> bool:
        """Eventual consistency: what was born a moment ago is not seen yet."""
        return self.clock() - born >= self.knobs.visible_delay

    def live_launches(self) -> Iterator[Launch]:
        return (machine.launch for machine in self.all_machines() if machine.live)

    def held_launches(self, lifecycle: str) -> Iterator[Launch]:
        """What counts against a quota: live machines and, for spot, open requests."""
        live = (launch for launch in self.live_launches() if launch.lifecycle == lifecycle)
        waiting = (r.launch for r in self.all_requests() if r.may_fill)
        return itertools.chain(live, waiting) if lifecycle == "spot" else live

    def simulated(self, seconds: float) -> float:
        """Real seconds that so many simulated seconds take."""
        return seconds / self.timescale


def new_id(prefix: str, digits: int = 17) -> str:
    return f"{prefix}-{secrets.token_hex(9)[:digits]}"
