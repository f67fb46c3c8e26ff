"""What became of a job, in the words of the protocol: pure."""

from __future__ import annotations

from typing import NamedTuple

from runner_client.ending import Ending


class Outcome(NamedTuple):
    outcome: str
    exit_code: int | None = None
    signal: int | None = None
    reason: str | None = None


def failed(reason: str) -> Outcome:
    return Outcome("failed", reason=reason)


def returned(reason: str) -> Outcome:
    return Outcome("returned", reason=reason)


def dropped() -> Outcome:
    """Nobody asks for it any more."""
    return Outcome("dropped")


def refused(code: str, sentence: str) -> Outcome:
    """The server refused what the job asked of it; an old attempt is somebody else's now."""
    return dropped() if code == "old_attempt" else failed(sentence)


def of_process(returncode: int, ending: Ending | None, signalled: bool) -> Outcome:
    """`returncode` as subprocess gives it: below zero, the signal that killed the process.

    `ending` counts only when it was `signalled`; a process that ended by itself a moment earlier
    keeps its own exit code. 128 + n is an exit code like any other: a shell reports its child so,
    and so may any program that likes the number.
    """
    code = returncode if returncode >= 0 else None
    number = -returncode if returncode < 0 else None
    if ending is not None and signalled:
        return Outcome(ending.outcome, code, number, ending.reason)
    return Outcome("exited", code) if number is None else Outcome("signalled", None, number)


def with_artifacts(became: Outcome, trouble: str | None) -> Outcome:
    """A good end counts for nothing when what others may need of it could not be kept; any other
    outcome stays what it was."""
    if trouble is None or (became.outcome, became.exit_code) != ("exited", 0):
        return became
    sentence = "It ended well (exit code 0), but not all of its artifacts are kept: " + trouble
    return Outcome("failed", 0, None, sentence)
