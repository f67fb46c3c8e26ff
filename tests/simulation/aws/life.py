"""What becomes of requests and machines by themselves: filled, booted, taken back, ended."""

import re
from typing import TYPE_CHECKING

from tests.simulation.aws.region import Region
from tests.simulation.aws.things import Look, Thing

if TYPE_CHECKING:
    from tests.simulation.world import World

NOTICE_SECONDS = 120
LOOK_AGAIN_SECONDS = 7.0
DEADMAN = re.compile(r"^#!/bin/sh\nshutdown -h \+(\d+)\n")
TOKEN = re.compile(r"printf '%s\\n' (\S+) \|")


class Life:
    """Of everything in one simulated AWS. `bad_boots`: how many next machines never call in."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.bad_boots = 0
        self.slow_boots = 0
        self._made = 0

    def ordered(self, region: Region, thing: Thing) -> None:
        """A launch call had its effect."""
        region.things[thing.id] = thing
        self.world.judge.came(region, thing)
        if thing.kind == "machine":
            self._begins(region, thing)
            return
        if thing.valid_until is not None:
            self._at(thing.valid_until, "expires", lambda: self._expire(thing))
        self._after(thing, "evaluated", 0.2, 6, lambda: self.evaluate(region, thing))

    def evaluate(self, region: Region, request: Thing) -> None:
        """Fill an open request when there is capacity, or say why it stays open."""
        if request.state != "open":
            return
        if region.has_room(request.zone, request.instance_type):
            self._fill(region, request)
            return
        code = "capacity-not-available"
        if request.now.code != code:
            request.change(self._now, code=code, message="There is no Spot capacity available.")
        self.world.agenda.after(
            LOOK_AGAIN_SECONDS, "capacity again", lambda: self.evaluate(region, request)
        )

    def cancel(self, request: Thing) -> None:
        """CancelSpotInstanceRequests: a machine that came of it lives on."""
        if request.state == "open":
            self._settle(request, "cancelled", "canceled-before-fulfillment")
        elif request.state == "active":
            self._settle(request, "cancelled", "request-canceled-and-instance-running")

    def end(self, region: Region, machine: Thing, why: str, code: str) -> None:
        """The machine goes down; its request follows."""
        if machine.state not in ("pending", "running"):
            return
        machine.change(self._now, state="shutting-down", message=why)
        self.world.machine_ends(machine)
        request = region.things.get(machine.request_id or "")
        if request is not None and request.state in ("active", "open"):
            self._settle(request, "closed", code)
        self._after(machine, "terminated", 0.5, 40, lambda: self._gone(machine))

    def take_back(self, region: Region, machine: Thing, notice: bool) -> None:
        """A spot interruption; with notice the request is closed two minutes before the end."""
        if machine.state not in ("pending", "running") or machine.notice_at is not None:
            return
        code = "instance-terminated-no-capacity"
        why = "Server.SpotInstanceTermination: Spot instance termination"
        request = region.things.get(machine.request_id or "")
        if not notice or request is None:
            self.end(region, machine, why, code)
            return
        machine.notice_at = self._now + NOTICE_SECONDS * 1000
        if request.state == "active":
            self._settle(request, "closed", code)
        self._at(machine.notice_at, "taken back", lambda: self.end(region, machine, why, code))

    def push_deadman(self, machine: Thing, minutes: int) -> None:
        """`shutdown -h +N` was called on it."""
        moment = self._now + minutes * 60_000
        machine.deadman = moment
        self._at(moment, "deadman", lambda: self._deadman(machine, moment))

    def new_id(self, prefix: str) -> str:
        """The next id; in the order of their making."""
        self._made += 1
        return f"{prefix}-{self._made:08x}"

    @property
    def _now(self) -> int:
        return self.world.agenda.now

    def _at(self, moment: int, name: str, act) -> None:  # type: ignore[no-untyped-def]
        self.world.agenda.at(moment, f"ec2: {name}", act)

    def _after(self, thing: Thing, name: str, low: float, high: float, act) -> None:  # type: ignore[no-untyped-def]
        seconds = self.world.chance.between(low, high, name, thing.token, thing.id)
        self.world.agenda.after(seconds, f"ec2: {thing.id} {name}", act)

    def _settle(self, request: Thing, state: str, code: str) -> None:
        request.change(self._now, state=state, code=code, message=f"{code} (simulated)")

    def _expire(self, request: Thing) -> None:
        if request.state == "open":
            self._settle(request, "cancelled", "schedule-expired")

    def _fill(self, region: Region, request: Thing) -> None:
        machine = Thing(
            self.new_id("i"),
            "machine",
            region.name,
            request.group_id,
            request.instance_type,
            request.purchase_type,
            request.token,
            self._now,
            [Look(self._now, "pending")],
            zone=request.zone,
            request_id=request.id,
            user_data=request.user_data,
            account=region.account,
            ours=request.ours,
        )
        lag = self.world.chance.between(0, region.lag_at(self._now), "reach", machine.token)
        machine.reachable_at = self._now + int(lag * 1000)
        region.things[machine.id] = machine
        request.change(
            self._now,
            state="active",
            code="fulfilled",
            machine_id=machine.id,
            zone=request.zone,
            message="Your Spot request is fulfilled.",
        )
        self._begins(region, machine)

    def _begins(self, region: Region, machine: Thing) -> None:
        self._after(machine, "runs", 1, 15, lambda: self._run(region, machine))

    def _run(self, region: Region, machine: Thing) -> None:
        if machine.state != "pending":
            return
        machine.change(self._now, state="running")
        if self.bad_boots > 0:
            self.bad_boots -= 1
            return
        machine.booted = True
        armed = DEADMAN.match(machine.user_data)
        if armed:
            self.push_deadman(machine, int(armed[1]))
        slow = self.slow_boots > 0
        self.slow_boots -= slow
        low, high = (100, 400) if slow else (5, 40)
        self._after(machine, "boots", low, high, lambda: self._boot(machine))

    def _boot(self, machine: Thing) -> None:
        token = TOKEN.search(machine.user_data)
        if machine.state == "running" and token:
            self.world.machine_boots(machine, token[1].strip("'"))

    def _deadman(self, machine: Thing, moment: int) -> None:
        if machine.deadman == moment:
            region = self.world.aws.region(machine.account, machine.region)
            why = "Client.InstanceInitiatedShutdown: Instance initiated shutdown"
            self.world.tally.seen["deadman"] += machine.state == "running"
            self.end(region, machine, why, "instance-terminated-by-user")

    def _gone(self, machine: Thing) -> None:
        machine.change(self._now, state="terminated")
