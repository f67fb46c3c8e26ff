"""The control door: look at everything, turn knobs, let things happen.

POST needs `Content-Type: application/json`, so that a web page somewhere cannot post here
from somebody's browser without being asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aws_simulator.ec2.machine import Machine
from aws_simulator.web.faults import read_fault
from aws_simulator.web.loopback import Handler, Server

if TYPE_CHECKING:
    from aws_simulator.service import Simulator

NOTICE = 120.0  # simulated seconds from EC2's spot notice to the end
MACHINE = re.compile(r"/machines/([^/]+)/(interrupt|rebalance|kill|hang|unhang|crash)")
Answer = tuple[int, object]


class Control:
    """Each route as a function of the JSON that was sent; `ValueError` is a 400."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.world = simulator.world
        self._routes: dict[tuple[str, str], Callable[[Any], object]] = {
            ("GET", "/state"): lambda _: simulator.state(),
            ("GET", "/knobs"): lambda _: self.world.knobs.as_dict(),
            ("POST", "/knobs"): self.turn,
            ("GET", "/faults"): lambda _: simulator.faults.listed(),
            ("POST", "/faults"): self.add_fault,
            ("DELETE", "/faults"): self.clear_faults,
            ("POST", "/reset"): self.reset,
        }

    def answer(self, method: str, path: str, asked: Any) -> Answer:
        try:
            if route := self._routes.get((method, path)):
                return 200, route(asked)
            if method == "POST" and (found := MACHINE.fullmatch(path)):
                return self.befall(found[1], found[2], asked)
        except ValueError as error:
            return 400, {"error": str(error)}
        return 404, {"error": f"There is no {method} {path} here."}

    def turn(self, asked: Any) -> object:
        if not isinstance(asked, dict):
            raise ValueError("Knobs are set by an object of names and values.")
        with self.world.lock:
            self.world.knobs.update(asked)
            self.world.journal.note("knobs", "control", changed=asked)
            self.simulator.practice.market.fill_open()
            return self.world.knobs.as_dict()

    def add_fault(self, asked: Any) -> object:
        self.simulator.faults.add(read_fault(asked))
        return self.simulator.faults.listed()

    def clear_faults(self, _: Any) -> object:
        self.simulator.faults.clear()
        return []

    def reset(self, _: Any) -> object:
        self.simulator.reset()
        return {"reset": True}

    def befall(self, machine_id: str, what: str, asked: Any) -> Answer:
        machine = self.world.machine(machine_id)
        if machine is None:
            return 404, {"error": f"There is no machine {machine_id}."}
        happenings, room = self.simulator.practice.happenings, self.simulator.room
        if what == "interrupt":
            happenings.interrupt(machine, self._notice(asked))
        else:
            acts: dict[str, Callable[[Machine], None]] = {
                "rebalance": happenings.rebalance,
                "kill": happenings.kill,
                "hang": room.hang,
                "unhang": room.unhang,
                "crash": room.crash,
            }
            acts[what](machine)
        return 200, self.simulator.machine_state(machine)

    def _notice(self, asked: Any) -> float:
        """Real seconds: "real_seconds" as they are, "seconds" by the timescale."""
        asked = asked or {}
        name = "real_seconds" if "real_seconds" in asked else "seconds"
        seconds = asked.get(name, NOTICE)
        if not isinstance(seconds, (int, float)) or isinstance(seconds, bool) or seconds < 0:
            raise ValueError(f"{name!r} takes a number of seconds, not {seconds!r}.")
        return float(seconds) if name == "real_seconds" else self.world.simulated(seconds)


def control_server(simulator: Simulator, port: int) -> Server:
    control = Control(simulator)

    class ControlHandler(Handler):
        def _handle(self) -> None:
            try:
                text = self.body()
                asked = json.loads(text) if text else None
            except ValueError as error:
                return self.reply_json(400, {"error": f"This is no JSON: {error}"})
            if not self.from_loopback():
                return self.reply_json(403, {"error": "Ask for 127.0.0.1 by its number."})
            kind = (self.headers.get("Content-Type") or "").partition(";")[0]
            if self.command == "POST" and kind != "application/json":
                return self.reply_json(415, {"error": "Send Content-Type: application/json."})
            path = self.path.partition("?")[0]
            return self.reply_json(*control.answer(self.command, path, asked))

        do_GET = do_POST = do_DELETE = _handle

    return Server(port, ControlHandler)
