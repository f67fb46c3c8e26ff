"""What becomes of a job when an attempt at it ends."""

from dataclasses import dataclass

from webapp.engine.states import Job


@dataclass(frozen=True, slots=True)
class Ended:
    """How an attempt ended. `outcome` is the agent's word, or `lost`."""

    outcome: str
    exit_code: int | None = None
    signal: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Next:
    """Where the job goes, why, and how many retries it has left."""

    status: Job
    why: str
    retries_left: int


def after_attempt(status: Job, attempt: int, retries_left: int, ended: Ended) -> Next:
    """The job was `status` (running, stopping or aborting) when its attempt ended.

    A stop or abort that was asked for is honoured whatever the attempt came to, unless the job
    had ended by itself before the order reached it.
    """
    words = describe(ended)
    if status == Job.ABORTING:
        return Next(Job.ABORTED, words, retries_left)
    if _succeeded(ended):
        return Next(Job.DONE, "", retries_left)
    if status == Job.STOPPING:
        by_itself = ended.outcome in ("exited", "timeout", "failed")
        return Next(Job.FAILED if by_itself else Job.STOPPED, words, retries_left)
    if ended.outcome == "returned":
        return Next(Job.SUBMITTED, f"Attempt {attempt} was handed back: {words}.", retries_left)
    if retries_left > 0:
        rest = retries_left - 1
        more = "1 retry" if rest == 1 else f"{rest or 'no'} retries"
        return Next(Job.SUBMITTED, f"Attempt {attempt} ended: {words}; {more} left.", rest)
    return Next(Job.FAILED, words, 0)


def describe(ended: Ended) -> str:
    """An ended attempt in words, e.g. "exit code 3"."""
    plain = {
        "exited": f"exit code {ended.exit_code}",
        "signalled": f"killed by signal {ended.signal}",
        "timeout": "it ran longer than its timeout",
        "stopped": "stopped",
        "aborted": "aborted",
        "returned": "the runner gave it back",
        "lost": "the runner was lost",
    }.get(ended.outcome, ended.outcome)
    if ended.outcome == "exited" or not ended.reason:
        return plain
    return ended.reason.rstrip(".")


def _succeeded(ended: Ended) -> bool:
    return ended.outcome == "exited" and ended.exit_code == 0
