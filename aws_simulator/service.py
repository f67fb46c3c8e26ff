"""The simulator as a whole: wires the parts, starts and stops them."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any

from aws_simulator import moto_fixes
from aws_simulator.ec2.machine import Machine
from aws_simulator.keys import Keys, create_keys, reset_moto
from aws_simulator.machines.isolation import best
from aws_simulator.machines.metadata import Tokens
from aws_simulator.machines.power import Power
from aws_simulator.machines.room import Room
from aws_simulator.practice import Practice
from aws_simulator.web.control import control_server
from aws_simulator.web.faults import Faults
from aws_simulator.web.front import FrontServer
from aws_simulator.web.metadata_server import metadata_server
from aws_simulator.web.state import machine_state, state
from aws_simulator.world import World


class Simulator:
    """Only one per process: the fixes of moto are made to its classes."""

    def __init__(self, world: World, port: int, control_port: int, root: Path | None) -> None:
        self.world = world
        self.practice = Practice(world)
        self.faults = Faults()
        self.power = Power(world, self.practice.happenings.shut_down)
        self._tokens = Tokens(world.clock)
        self.metadata = metadata_server(world.machine, self._tokens, self.power)
        self.isolation = best()
        self.root = _make_root(root)
        self.room = Room(world, self.root, self.isolation, self._metadata_url, self.power)
        world.room = self.room
        moto_fixes.apply(self.practice)
        self.keys = create_keys()
        self.front = FrontServer(port, lambda: world.journal, self.faults)
        self.control = control_server(self, control_port)

    def _metadata_url(self, machine_id: str) -> str:
        return f"{self.metadata.url}/{machine_id}"

    def start(self) -> None:
        self.world.agenda.start()
        for server in (self.metadata, self.front, self.control):
            server.start()

    def ready(self) -> dict[str, str]:
        """What a caller needs to use it."""
        return {
            "ec2": self.front.url,
            "control": self.control.url,
            "root": str(self.root),
            "isolation": self.isolation.name,
            "access_key_id": self.keys.access_key_id,
            "secret_access_key": self.keys.secret_access_key,
        }

    def state(self) -> dict[str, Any]:
        return state(self.world, self.room, self.power, self.faults.listed())

    def machine_state(self, machine: Machine) -> dict[str, Any]:
        with self.world.lock:
            return machine_state(self.world, self.room, self.power, machine)

    def reset(self) -> None:
        """As at the start: every machine killed, everything forgotten, the same keys."""
        with self.world.lock:
            self.world.forget()
            self.faults.clear()
            reset_moto(self.keys)
        self.room.clear()

    def close(self) -> None:
        stopping = [
            threading.Thread(target=server.shutdown) for server in (self.front, self.control)
        ]
        for thread in stopping:
            thread.start()
        self.world.agenda.close()
        self.room.close()
        for thread in stopping:
            thread.join(2)
        # A console may still be written to while its folder is removed.
        with contextlib.suppress(OSError):
            shutil.rmtree(self.root)
        shutil.rmtree(self.root, ignore_errors=True)


def _make_root(root: Path | None) -> Path:
    """An own, new folder: it is removed at the end, so nothing else may be in it."""
    if root is not None:
        root.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="practice-aws-", dir=root))


__all__ = ["Keys", "Simulator"]
