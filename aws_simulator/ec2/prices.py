"""Spot prices: made up, believable, the same on every run, and moving with time.

A type costs what its vCPUs, memory and GPUs cost, times a factor of its region; spot is
28-48 % of that, differs per zone, and moves every three simulated hours.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator

from aws_simulator.ec2 import types

STEP_SECONDS = 3 * 3600
PER_VCPU = 0.024  # dollars per hour, in us-east-1
PER_GIB = 0.0058
PER_GPU = {"T4": 0.3, "T4g": 0.2, "A10G": 0.75, "L4": 0.55, "L40S": 1.2, "V100": 2.6}
PER_GPU_OTHERWISE = 2.4  # A100, H100 and what comes after
REGIONS = {
    "af": 1.32,
    "ap": 1.22,
    "ca": 1.11,
    "eu": 1.11,
    "il": 1.2,
    "me": 1.2,
    "mx": 1.1,
    "sa": 1.55,
    "us": 1.0,
}


def on_demand(name: str, region: str) -> float:
    """Dollars per hour."""
    gpus = sum(PER_GPU.get(model, PER_GPU_OTHERWISE) * n for model, n in types.gpus(name))
    base = types.vcpus(name) * PER_VCPU + types.memory_gib(name) * PER_GIB + gpus
    return base * REGIONS.get(region[:2], 1.15)


def _share(*words: object) -> float:
    """A number in [0, 1) that depends on the words alone."""
    digest = hashlib.sha256("/".join(map(str, words)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def spot(name: str, zone: str, step: int) -> float:
    """Dollars per hour during one step (`step_at`)."""
    level = 0.28 + 0.2 * _share(name, zone)
    wave = math.sin(step / 5 + 6.28 * _share("phase", name, zone))
    jitter = _share("jitter", name, zone, step) - 0.5
    return round(on_demand(name, zone[:-1]) * level * (1 + 0.08 * wave + 0.04 * jitter), 6)


def step_at(moment: float, timescale: float) -> int:
    return int(moment * timescale // STEP_SECONDS)


def step_began(step: int, timescale: float) -> float:
    return step * STEP_SECONDS / timescale


def history(
    name: str, zone: str, start: float, end: float, timescale: float, most: int = 720
) -> Iterator[tuple[float, float]]:
    """(since when, price) from the newest back to the one in effect at `start`."""
    first, last = step_at(start, timescale), step_at(end, timescale)
    for step in range(last, max(first, last - most) - 1, -1):
        yield step_began(step, timescale), spot(name, zone, step)
