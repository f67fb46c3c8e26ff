"""Spot requests: asked, evaluated, filled (perhaps much later), expired, cancelled, closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from aws_simulator.ec2 import networks, prices
from aws_simulator.ec2.capacity import has_capacity
from aws_simulator.ec2.lifecycle import Lifecycle
from aws_simulator.ec2.machine import Launch, Machine
from aws_simulator.ec2.spot_request import SpotRequest
from aws_simulator.world import World

FORGOTTEN_AFTER = 4 * 3600.0  # simulated seconds a finished request stays listed
PRICE_CHECK_SECONDS = 1.0  # real seconds between looks at requests that wait for a price


class Market:
    def __init__(self, world: World, lifecycle: Lifecycle) -> None:
        self.world = world
        self.lifecycle = lifecycle
        lifecycle.when_capacity_frees = self.fill_open
        lifecycle.when_spot_ends = self.close

    def ask(self, request: SpotRequest) -> None:
        """Enter a request; it is decided after the evaluation time. Hold the world's lock."""
        world = self.world
        world.requests.setdefault(request.launch.region, {})[request.id] = request
        world.tally.move(request.tally_names, None, "open")
        world.journal.note("requested", request.id, type=request.launch.instance_type)
        if request.valid_until is not None:
            self._later(request, request.valid_until - world.clock(), self._expire)
        if world.knobs.evaluation_seconds > 0:
            self._later(request, world.knobs.evaluation_seconds, self._evaluate)
        else:
            self._evaluate(request)

    def _later(
        self, request: SpotRequest, seconds: float, action: Callable[[SpotRequest], None]
    ) -> None:
        request.timers.append(self.world.agenda.after(seconds, lambda: action(request)))

    def _move(self, request: SpotRequest, state: str, code: str) -> None:
        changed = (state, code) != (request.state, request.code)
        request.state, request.code = state, code
        if changed:
            request.updated = self.world.clock()
            self.world.journal.note(f"request {state}", request.id, code=code)

    def _evaluate(self, request: SpotRequest) -> None:
        with self.world.lock:
            if request.state != "open":
                return
            zone = self._zone_with_capacity(request)
            if zone is None:
                self._move(request, "open", "capacity-not-available")
            elif self._price(request, zone) > request.price:
                self._move(request, "open", "price-too-low")
                self._later(request, PRICE_CHECK_SECONDS, self._evaluate)
            else:
                self._fill(request, zone)

    def _zone_with_capacity(self, request: SpotRequest) -> str | None:
        launch, capacity = request.launch, self.world.knobs.capacity
        for zone in request.zones:
            live = self.world.live_launches()
            if has_capacity(capacity, live, launch.region, zone, launch.instance_type):
                return zone
        return None

    def _price(self, request: SpotRequest, zone: str) -> float:
        step = prices.step_at(self.world.clock(), self.world.timescale)
        return prices.spot(request.launch.instance_type, zone, step)

    def _fill(self, request: SpotRequest, zone: str) -> Machine:
        machine = self.lifecycle.birth(self.placed(request.launch, zone), request)
        request.machine_id, request.launched_zone = machine.id, zone
        # A request that was cancelled while it was being filled stays cancelled.
        if request.state == "open":
            self._move(request, "active", "fulfilled")
        else:
            self._move(request, request.state, "request-canceled-and-instance-running")
        return machine

    def placed(self, launch: Launch, zone: str) -> Launch:
        """The same launch in another zone, hence in that zone's default subnet."""
        if zone == launch.zone:
            return launch
        subnet = networks.default_subnets(launch.region, hidden=False)[zone]
        return replace(launch, zone=zone, subnet_id=subnet.id)

    def fill_open(self) -> None:
        """Capacity came back: the oldest requests first."""
        with self.world.lock:
            waiting = [r for r in self.world.all_requests() if r.code == "capacity-not-available"]
            for request in sorted(waiting, key=lambda each: each.number):
                self._evaluate(request)

    def _expire(self, request: SpotRequest) -> None:
        with self.world.lock:
            if request.state == "open":
                self._end_waiting(request, "cancelled", "schedule-expired")

    def _end_waiting(self, request: SpotRequest, state: str, code: str) -> None:
        self.world.tally.move(request.tally_names, "open", None)
        request.may_fill = False
        self._move(request, state, code)
        self._forget_later(request)

    def cancel(self, request: SpotRequest) -> None:
        """Cancel; the record stays, and so does a machine. Hold the world's lock."""
        if request.state == "open" and self.world.knobs.take("cancel_races"):
            self._cancel_too_late(request)
        elif request.state == "open":
            self._end_waiting(request, "cancelled", "canceled-before-fulfillment")
        elif request.state == "active":
            self._move(request, "cancelled", "request-canceled-and-instance-running")

    def _cancel_too_late(self, request: SpotRequest) -> None:
        # EC2 had already decided to fill it: the answer says cancelled, a machine comes anyway.
        self._move(request, "cancelled", "canceled-before-fulfillment")
        zone = request.zones[0]
        delay = self.world.knobs.cancel_race_seconds
        if delay > 0:
            self._later(request, delay, lambda late: self._fill_late(late, zone))
        else:
            self._fill_late(request, zone)

    def _fill_late(self, request: SpotRequest, zone: str) -> None:
        with self.world.lock:
            self._fill(request, zone)

    def close(self, request: SpotRequest, code: str) -> None:
        """Its machine ends, and so does the request. Hold the world's lock."""
        if request.state == "active":
            self._move(request, "closed", code)
        self._forget_later(request)

    def _forget_later(self, request: SpotRequest) -> None:
        hours = self.world.simulated(FORGOTTEN_AFTER)
        self.world.agenda.after(hours, lambda: self._forget(request))

    def _forget(self, request: SpotRequest) -> None:
        with self.world.lock:
            machine = self.world.machines.get(request.launch.region, {}).get(
                request.machine_id or ""
            )
            if machine is None or machine.state == "terminated":
                self.world.requests[request.launch.region].pop(request.id, None)
