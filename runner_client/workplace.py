"""What all jobs of one life of the agent share."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, NamedTuple

from runner_client.caller import Caller
from runner_client.gpus import Allotment
from runner_client.machine import Machine
from runner_client.ports import Ports


class Workplace(NamedTuple):
    jobs: Path
    runner_id: str
    machine: Machine
    gpus: Allotment
    grace: float
    log_maximum: int
    open_caller: Callable[[], Caller]
    ports: Ports
