"""Jobs that need others of their run: who is free, who still waits, who can never begin."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from webapp.engine.states import FINISHED_JOB, Job
from webapp.engine.words import count

_UNSUCCESSFUL = FINISHED_JOB - {Job.DONE}
_NAMED = 3  # of the jobs that are waited for; the sentence stays one line
_WORDS = {
    Job.SUBMITTED: "waiting",
    Job.STOPPED: "was stopped",
    Job.ABORTED: "was aborted",
}


@dataclass(frozen=True, slots=True)
class Node:
    """A job of a run. `needs` are ids of jobs of the same run, `blocked_by` what the books say."""

    id: str
    name: str
    status: Job
    needs: tuple[str, ...] = ()
    blocked_by: int = 0
    reason: str | None = None
    runner: str | None = None


@dataclass(slots=True)
class Settlement:
    """What the books have to say otherwise: `free` wait for nothing any more, `blocked` for so
    many, `doomed` cannot begin, for that reason."""

    free: list[str] = field(default_factory=list)
    blocked: dict[str, int] = field(default_factory=dict)
    doomed: dict[str, str] = field(default_factory=dict)


def settle(nodes: Iterable[Node]) -> Settlement:
    """Right for any order of what happened before, and nothing the second time. Only submitted
    jobs are spoken of: what runs or is over stays as it is."""
    run = {each.id: each for each in nodes}
    causes = _causes(run)
    result = Settlement()
    for job in run.values():
        if job.status != Job.SUBMITTED:
            continue
        blocked_by = _unfinished(job, run)
        if job.id in causes:
            result.doomed[job.id] = causes[job.id]
        elif blocked_by == 0 and job.blocked_by:
            result.free.append(job.id)
        elif blocked_by != job.blocked_by:
            result.blocked[job.id] = blocked_by
    return result


def _causes(run: Mapping[str, Node]) -> dict[str, str]:
    """Submitted job -> why it cannot begin: the first failure that it needs, at any distance."""
    causes: dict[str, str] = {}
    needed_by = _needed_by(run)
    bad = [job for job in run.values() if job.status in _UNSUCCESSFUL]
    reached = [(job.id, how_it_ended(job)) for job in bad]
    reached += [(id, "a job that it needs is not there any more") for id in needed_by.keys() - run]
    for id, why in reached:  # grows while it is walked
        for dependent in needed_by.get(id, ()):
            if run[dependent].status == Job.SUBMITTED and dependent not in causes:
                causes[dependent] = why
                reached.append((dependent, why))
    return causes


def _needed_by(run: Mapping[str, Node]) -> dict[str, list[str]]:
    needed_by: dict[str, list[str]] = {}
    for job in run.values():
        for need in job.needs:
            needed_by.setdefault(need, []).append(job.id)
    return needed_by


def _unfinished(job: Node, run: Mapping[str, Node]) -> int:
    return sum(need not in run or run[need].status != Job.DONE for need in set(job.needs))


def how_it_ended(job: Node) -> str:
    """Of an unsuccessful job, e.g. "prepare failed: exit code 1"."""
    words = f"{job.name} {_WORDS.get(job.status, job.status)}"
    return f"{words}: {job.reason.rstrip('.')}" if job.reason else words


def queued_again(nodes: Sequence[Node], again: Collection[str]) -> dict[str, int]:
    """For each job that is queued again: by how many it is blocked then. What is done and not
    among them stays done."""
    chosen = set(again)
    done = {job.id for job in nodes if job.status == Job.DONE} - chosen
    return {job.id: len(set(job.needs) - done) for job in nodes if job.id in chosen}


def why_not_alone(id: str, nodes: Sequence[Node]) -> str | None:
    """Why this finished job cannot be queued again by itself; None when it can.

    A job that others need goes only with them: what they made of it, or that they were stopped
    because of it, would no longer be true. The first sentence is one the published client knows.
    """
    if any(id in each.needs for each in nodes):
        return "other jobs depend on it"
    needs = next(each.needs for each in nodes if each.id == id)
    for each in nodes:
        if each.id in needs and each.status in _UNSUCCESSFUL:
            return f"{how_it_ended(each)}, and this job needs it: resume the run"
    return None


def why_blocked(number: int, needs: Sequence[Node]) -> str:
    """The sentence of a job that waits for `number` others; `needs` are those that are known."""
    pending = [job for job in needs if job.status != Job.DONE][:number]
    if not pending:
        return f"Waits for {count(number, 'job')}."
    named = [f"{job.name} ({_doing(job)})" for job in pending[:_NAMED]]
    if number == 1:
        return f"Waits for {named[0]}."
    rest = number - len(named)
    more = f" and {rest} more" if rest else ""
    return f"Waits for {number} jobs: {', '.join(named)}{more}."


def _doing(job: Node) -> str:
    if job.status == Job.RUNNING and job.runner:
        return f"running on {job.runner}"
    return _WORDS.get(job.status, job.status.value)
