"""When and why a job is ended by somebody else: pure decisions about signals and instants.

Instants are seconds of one clock that the caller chooses.
"""

from __future__ import annotations

import signal
from typing import NamedTuple

# AWS gives two minutes. The job has them until here; the rest is for its log and our report.
INTERRUPTION_TERM_BEFORE = 20
INTERRUPTION_KILL_BEFORE = 10

# A job that was handed back is waited for a little longer than it is given to end.
HANDED_BACK_FILES = 5

FOREVER = float("inf")


class Ending(NamedTuple):
    outcome: str  # stopped | aborted | timeout | returned | dropped
    reason: str
    terminate_at: float
    kill_at: float
    files_until: float = FOREVER  # until when what the job left may be sent


def stopped(now: float, grace: float) -> Ending:
    return Ending("stopped", "stopped by request", now, now + grace)


def aborted(now: float) -> Ending:
    return Ending("aborted", "aborted by request", FOREVER, now)


def dropped(now: float) -> Ending:
    return Ending("dropped", "given to another runner", FOREVER, now)


def handed_back(now: float, grace: float) -> Ending:
    until = now + grace + HANDED_BACK_FILES
    return Ending("returned", "the agent was stopped", now, now + grace, until)


def timed_out(began: float, timeout: float, grace: float) -> Ending:
    reason = "ran longer than its timeout of %g seconds" % timeout
    return Ending("timeout", reason, began + timeout, began + timeout + grace)


def interrupted(now: float, machine_ends_at: float) -> Ending:
    """The machine ends at `machine_ends_at`; late notices leave what time there is."""
    return Ending(
        "returned",
        "the machine was interrupted by EC2",
        max(now, machine_ends_at - INTERRUPTION_TERM_BEFORE),
        max(now, machine_ends_at - INTERRUPTION_KILL_BEFORE),
        machine_ends_at - INTERRUPTION_KILL_BEFORE,
    )


def sooner(one: Ending | None, other: Ending) -> Ending:
    """The one that ends the job first; of two in the same instant the one that was there. An abort
    counts also when the process was killed before: what the job left is not wanted then."""
    if one is None or other.outcome == "dropped":
        return other
    if other.outcome == "aborted" and one.outcome not in ("aborted", "dropped"):
        return other
    if one.outcome == "dropped":
        return one
    return other if other.kill_at < one.kill_at else one


def due(ending: Ending | None, now: float, sent: int | None) -> int | None:
    """The signal to send now, given the one that was `sent` last; None: nothing to do."""
    if ending is None or sent == signal.SIGKILL:
        return None
    if now >= ending.kill_at:
        return signal.SIGKILL
    if now >= ending.terminate_at and sent is None:
        return signal.SIGTERM
    return None
