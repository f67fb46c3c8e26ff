"""`depends-on: [prepare:latest]`: which jobs' artifacts are meant, or why none are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from webapp.engine.jobs import TaggedInput
from webapp.engine.states import Job

_NAMED = 5


class UnknownTag(Exception):
    """Nothing is there under this workflow and tag; the sentence says what is there instead."""


@dataclass(frozen=True, slots=True)
class TaggedJob:
    """A job of a run that has a tag."""

    id: str
    workflow_name: str | None
    status: Job


@dataclass(frozen=True, slots=True)
class TaggedRun:
    """A run that has the tag."""

    name: str
    workflow_name: str | None
    variables: Mapping[str, str] = field(default_factory=dict)
    jobs: Sequence[TaggedJob] = ()


def jobs_under(
    wanted: TaggedInput,
    variables: Mapping[str, str],
    found: TaggedRun | None,
    tags: Sequence[str] = (),
) -> list[str]:
    """Ids of the done jobs that are meant; `variables` are those of the run that asks, `tags`
    the tags there are. Raises UnknownTag.

    Variables are the same when those that both know have the same values: what the workflow that
    is wanted would be given here, or, when it is not in the file, what this run has.
    """
    what = f"{wanted.workflow_name}:{wanted.tag}"
    if found is None:
        raise UnknownTag(f"{what}: no run has the tag {wanted.tag}. {_there_are(tags)}")
    holder = f"{what}: the tag {wanted.tag} is on {found.name}"
    jobs = [job for job in found.jobs if _workflow(job, found) == wanted.workflow_name]
    if not jobs:
        others = sorted({_workflow(job, found) or "a job without a name" for job in found.jobs})
        raise UnknownTag(f"{holder}, a run of {_listed(others)} and not of {wanted.workflow_name}.")
    mine = variables if wanted.variables is None else wanted.variables
    for name in sorted(mine.keys() & found.variables.keys()):
        here, there = mine[name], found.variables[name]
        if here != there:
            raise UnknownTag(f"{holder}, which ran with {name}={there} and not {name}={here}.")
    undone = [job for job in jobs if job.status != Job.DONE]
    if undone:
        raise UnknownTag(f"{holder}, where {wanted.workflow_name} is {undone[0].status}, not done.")
    return [job.id for job in jobs]


def _workflow(job: TaggedJob, run: TaggedRun) -> str | None:
    return job.workflow_name or run.workflow_name


def _there_are(tags: Sequence[str]) -> str:
    return f"Tags there are: {_listed(tags)}." if tags else "No run has a tag yet."


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
