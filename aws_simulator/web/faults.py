"""Faults put between the caller and EC2, by operation, a number of times."""

from __future__ import annotations

import re
import threading
from dataclasses import asdict, dataclass
from typing import Any

MODES = ("before", "lost", "duplicate", "html502")
LONGEST_DELAY = 60.0  # seconds


@dataclass
class Fault:
    """`mode` says what happens to a call whose operation matches:

    before: refused with `code` (or only delayed, without one); lost: applied, and the
    connection closed instead of an answer; duplicate: applied twice, as when a network
    delivers it twice; html502: a proxy's error page, nothing applied.
    """

    operation: str
    code: str | None = None
    times: int = 1
    delay: float = 0.0
    mode: str = "before"
    region: str | None = None


def read_fault(asked: Any) -> Fault:
    """From JSON; raises `ValueError` with what is wrong."""
    if not isinstance(asked, dict) or not isinstance(asked.get("operation"), str):
        raise ValueError('A fault needs "operation", a regular expression of operation names.')
    unknown = set(asked) - set(Fault.__dataclass_fields__)
    if unknown:
        raise ValueError(f"A fault has no {', '.join(sorted(unknown))}.")
    fault = Fault(**asked)
    try:
        re.compile(fault.operation)
    except re.error as error:
        raise ValueError(f"{fault.operation!r} is no regular expression: {error}") from error
    _check(fault)
    return fault


def _check(fault: Fault) -> None:
    if fault.mode not in MODES:
        raise ValueError(f"The mode of a fault is one of {', '.join(MODES)}, not {fault.mode!r}.")
    if not isinstance(fault.times, int) or fault.times < 1:
        raise ValueError(f"A fault happens a number of times, not {fault.times!r}.")
    if not isinstance(fault.delay, (int, float)) or not 0 <= fault.delay <= LONGEST_DELAY:
        raise ValueError(f"A delay is 0 to {LONGEST_DELAY:.0f} seconds, not {fault.delay!r}.")
    if fault.mode == "before" and not fault.code and not fault.delay:
        raise ValueError('A fault of mode "before" needs a "code", a "delay", or both.')


class Faults:
    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def listed(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def take(self, operation: str, region: str) -> Fault | None:
        """The first fault for this call, one time of it used up."""
        with self._lock:
            for fault in self._faults:
                if fault.region in (None, region) and re.fullmatch(fault.operation, operation):
                    fault.times -= 1
                    if not fault.times:
                        self._faults.remove(fault)
                    return fault
        return None
