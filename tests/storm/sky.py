"""Where weather comes from: a town, dice, and what is to happen later."""

import random
import signal
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.storm.town import Town

Kinds = dict[Callable[[], None], int]


@dataclass
class Sky:
    """`brief`: a short storm, in which nothing lasts for longer than a few seconds."""

    town: Town
    dice: random.Random
    brief: bool = False
    coming: list[threading.Timer] = field(default_factory=list)

    def later(self, seconds: float, act: Callable[[], object]) -> None:
        timer = threading.Timer(seconds, act)
        timer.start()
        self.coming.append(timer)

    def freeze(self, process: subprocess.Popen, seconds: float) -> None:
        process.send_signal(signal.SIGSTOP)
        self.later(seconds, lambda: process.send_signal(signal.SIGCONT))

    def clear_up(self) -> None:
        """Wait for the end of all that has begun."""
        for timer in self.coming:
            timer.join()
