"""The power button inside a machine: `shutdown -h +5`, `shutdown -c`, `shutdown now`.

A timer belongs to the machine's operating system: it does not run out while the machine
hangs, and a crash takes it away.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from aws_simulator.agenda import Entry
from aws_simulator.ec2.machine import Machine
from aws_simulator.world import World

CANCEL = -1.0
DEFAULT_MINUTES = 1.0  # what `shutdown` without a time means


@dataclass
class Timer:
    entry: Entry
    due: float
    overdue: bool = False


def delay_of(words: list[str], now: float) -> float:
    """Simulated seconds until the shutdown asked for; `CANCEL` for -c.

    Raises `ValueError` with what is wrong.
    """
    name, *arguments = words
    options = [each for each in arguments if each.startswith("-")]
    times = [each for each in arguments if not each.startswith("-")]
    if name == "reboot" or "-r" in options or "--reboot" in options:
        raise ValueError("A restart of the operating system is not simulated.")
    if "-c" in options:
        return CANCEL
    if name != "shutdown":
        return 0.0
    return _seconds(times[0], now) if times else DEFAULT_MINUTES * 60


def _seconds(word: str, now: float) -> float:
    if word == "now":
        return 0.0
    if re.fullmatch(r"\+?\d+", word):
        return float(word.lstrip("+")) * 60
    if clock := re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", word):
        local = time.localtime(now)
        today = local.tm_hour * 3600 + local.tm_min * 60 + local.tm_sec
        wanted = int(clock[1]) * 3600 + int(clock[2]) * 60
        return float((wanted - today) % 86_400)
    raise ValueError(f"Failed to parse time specification: {word}")


class Power:
    def __init__(self, world: World, shut_down: Callable[[Machine], None]) -> None:
        self.world = world
        self.shut_down = shut_down
        self.is_hung: Callable[[str], bool] = lambda machine_id: False
        self._timers: dict[str, Timer] = {}

    def press(self, machine: Machine, words: list[str]) -> str:
        """Do what the command says; returns what it prints. A new time replaces the old."""
        delay = delay_of(words, self.world.clock())
        with self.world.lock:
            self.disarm(machine.id)
            if delay == CANCEL:
                self.world.journal.note("shutdown cancelled", machine.id)
                return "Shutdown cancelled."
            wait = delay / (self.world.knobs.shutdown_timescale or self.world.timescale)
            entry = self.world.agenda.after(wait, lambda: self._due(machine))
            self._timers[machine.id] = Timer(entry, self.world.clock() + wait)
            self.world.journal.note("shutdown armed", machine.id, seconds=wait)
            return f"Shutdown in {wait:.1f} real seconds."

    def disarm(self, machine_id: str) -> None:
        if timer := self._timers.pop(machine_id, None):
            timer.entry.cancel()

    def due_at(self, machine_id: str) -> float | None:
        timer = self._timers.get(machine_id)
        return timer.due if timer else None

    def _due(self, machine: Machine) -> None:
        timer = self._timers.get(machine.id)
        if timer and self.is_hung(machine.id):
            timer.overdue = True
            return
        self._timers.pop(machine.id, None)
        self.shut_down(machine)

    def woke_up(self, machine: Machine) -> None:
        """It hangs no longer: what should have happened meanwhile happens now."""
        timer = self._timers.get(machine.id)
        if timer and timer.overdue:
            self._due(machine)

    def forget(self) -> None:
        self._timers.clear()
