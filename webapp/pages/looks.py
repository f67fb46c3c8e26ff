"""How a status is shown: a word, a shape and a tone, so that colour never says it alone."""

from typing import NamedTuple

from webapp.engine.states import Job, Runner


class Look(NamedTuple):
    """`tone`: good, busy, warn, bad or idle; `icon`: a symbol of icons.svg."""

    word: str
    tone: str
    icon: str


JOB = {
    Job.SUBMITTED: Look("Waiting…", "idle", "clock"),
    Job.RUNNING: Look("Running…", "busy", "turn"),
    Job.STOPPING: Look("Stopping…", "warn", "hourglass"),
    Job.STOPPED: Look("Stopped", "idle", "square"),
    Job.ABORTING: Look("Aborting…", "warn", "hourglass"),
    Job.ABORTED: Look("Aborted", "warn", "ban"),
    Job.FAILED: Look("Failed", "bad", "cross"),
    Job.DONE: Look("Completed", "good", "check"),
}

RUNNER = {
    Runner.REQUESTED: Look("REQUESTED", "busy", "hourglass"),
    Runner.LIVE: Look("LIVE", "good", "dot"),
    Runner.DRAINING: Look("DRAINING", "warn", "drain"),
    Runner.INTERRUPTED: Look("INTERRUPTED", "bad", "bolt"),
    Runner.LOST: Look("LOST", "bad", "question"),
    Runner.OFFLINE: Look("OFFLINE", "idle", "power"),
    Runner.TERMINATING: Look("TERMINATING", "warn", "hourglass"),
    Runner.GONE: Look("GONE", "idle", "ban"),
}


def job_look(status: str) -> Look:
    """Of a job, or of a run."""
    return JOB[Job(status)]


def runner_look(status: str) -> Look:
    """Of a runner."""
    return RUNNER[Runner(status)]


def statuses_named(words: str) -> list[Job]:
    """Statuses that these words name, as people see them or as the API calls them."""
    wanted = words.strip().lower().rstrip(".… ")
    if not wanted:
        return []
    names = {status: {look.word.rstrip("…").lower(), status.value} for status, look in JOB.items()}
    return [status for status, known in names.items() if wanted in known]
