"""The one sentence why a job waits: what the scheduler wrote on it, or which jobs it waits for.

The latter is made when it is read. What those jobs do changes often, and nobody has to look after
a second copy of it.
"""

from collections.abc import Callable, Iterable
from typing import Any

from webapp.engine.dependencies import why_blocked
from webapp.engine.states import Job as Status
from webapp.models.dependents import as_node


def why_waits(job: Any, run: Iterable[Any]) -> str | None:
    """`run` are the jobs of its run, as far as they are known; None when it does not wait."""
    return waiting_in(run)(job)


def waiting_in(jobs: Iterable[Any]) -> Callable[[Any], str | None]:
    """The same for many jobs of some runs."""
    known = {job.id: job for job in jobs}

    def sentence(job: Any) -> str | None:
        if job.status != Status.SUBMITTED:
            return None
        if job.blocked_by:
            needs = [known[need] for need in job.depends_on if need in known]
            return why_blocked(job.blocked_by, [as_node(need, _runner(need)) for need in needs])
        return job.waiting or "Just submitted: looking for a runner."

    return sentence


def _runner(job: Any) -> str | None:
    """Lists come with the name of the runner; a job by itself has the runner."""
    if hasattr(job, "runner_name"):
        return job.runner_name
    return job.runner.name if job.runner else None
