"""Which status words exist, which moves between them are allowed, and who may make them."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Job(StrEnum):
    """Statuses of a job; a run has the same ones, derived from its jobs."""

    SUBMITTED = "submitted"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    ABORTING = "aborting"
    ABORTED = "aborted"
    FAILED = "failed"
    DONE = "done"


class Runner(StrEnum):
    """Statuses of a runner. Machines with the last two do not come back by themselves."""

    REQUESTED = "requested"  # asked of EC2, not here yet
    LIVE = "live"
    DRAINING = "draining"  # finishes its jobs, gets no more
    INTERRUPTED = "interrupted"  # EC2 takes the machine back
    LOST = "lost"  # no heartbeat for the lease
    OFFLINE = "offline"  # said goodbye
    TERMINATING = "terminating"
    GONE = "gone"  # removed or terminated; kept for history


class Instance(StrEnum):
    """Statuses of an EC2 machine, or of the request for one."""

    PENDING = "pending"  # our row exists; EC2 may or may not know
    REQUESTED = "requested"
    RUNNING = "running"
    DRAINING = "draining"
    TERMINATING = "terminating"
    TERMINATED = "terminated"  # only from EC2's mouth


class Actor(StrEnum):
    """Who makes a move."""

    PERSON = "person"
    RUNNER = "runner"
    SCHEDULER = "scheduler"


FINISHED_JOB = frozenset({Job.STOPPED, Job.ABORTED, Job.FAILED, Job.DONE})
ACTIVE_JOB = frozenset({Job.RUNNING, Job.STOPPING, Job.ABORTING})
HEARD_RUNNER = frozenset({Runner.LIVE, Runner.DRAINING, Runner.INTERRUPTED})
ABSENT_RUNNER = frozenset({Runner.LOST, Runner.OFFLINE})  # it may come back as what it was

_P, _R, _S = Actor.PERSON, Actor.RUNNER, Actor.SCHEDULER

JOB_MOVES: Mapping[tuple[Job, Job], frozenset[Actor]] = {
    (Job.SUBMITTED, Job.RUNNING): frozenset({_R}),
    (Job.SUBMITTED, Job.STOPPED): frozenset({_P, _S}),  # the scheduler: what it needs failed
    (Job.SUBMITTED, Job.ABORTED): frozenset({_P}),
    (Job.SUBMITTED, Job.FAILED): frozenset({_S}),
    (Job.RUNNING, Job.DONE): frozenset({_R}),
    (Job.RUNNING, Job.FAILED): frozenset({_R, _S}),
    (Job.RUNNING, Job.SUBMITTED): frozenset({_R, _S}),
    (Job.RUNNING, Job.STOPPING): frozenset({_P}),
    (Job.RUNNING, Job.ABORTING): frozenset({_P}),
    (Job.STOPPING, Job.STOPPED): frozenset({_R, _S}),
    (Job.STOPPING, Job.DONE): frozenset({_R}),
    (Job.STOPPING, Job.FAILED): frozenset({_R}),
    (Job.STOPPING, Job.ABORTING): frozenset({_P}),
    (Job.ABORTING, Job.ABORTED): frozenset({_R, _S}),
    (Job.STOPPED, Job.SUBMITTED): frozenset({_P}),
    (Job.ABORTED, Job.SUBMITTED): frozenset({_P}),
    (Job.FAILED, Job.SUBMITTED): frozenset({_P}),
    (Job.DONE, Job.SUBMITTED): frozenset({_P}),
}

RUNNER_MOVES: Mapping[tuple[Runner, Runner], frozenset[Actor]] = {
    (Runner.OFFLINE, Runner.LIVE): frozenset({_R}),
    (Runner.OFFLINE, Runner.DRAINING): frozenset({_R}),
    (Runner.OFFLINE, Runner.INTERRUPTED): frozenset({_R}),
    (Runner.OFFLINE, Runner.GONE): frozenset({_P, _S}),
    (Runner.OFFLINE, Runner.TERMINATING): frozenset({_S}),
    (Runner.REQUESTED, Runner.LIVE): frozenset({_R}),
    (Runner.REQUESTED, Runner.INTERRUPTED): frozenset({_R}),  # EC2 changed its mind meanwhile
    (Runner.REQUESTED, Runner.TERMINATING): frozenset({_S}),
    (Runner.REQUESTED, Runner.GONE): frozenset({_S}),
    (Runner.LIVE, Runner.DRAINING): frozenset({_P, _S}),
    (Runner.LIVE, Runner.INTERRUPTED): frozenset({_R, _S}),
    (Runner.LIVE, Runner.LOST): frozenset({_S}),
    (Runner.LIVE, Runner.OFFLINE): frozenset({_R}),
    (Runner.LIVE, Runner.GONE): frozenset({_P, _S}),
    (Runner.DRAINING, Runner.LIVE): frozenset({_P, _S}),
    (Runner.DRAINING, Runner.INTERRUPTED): frozenset({_R, _S}),
    (Runner.DRAINING, Runner.LOST): frozenset({_S}),
    (Runner.DRAINING, Runner.OFFLINE): frozenset({_R}),
    (Runner.DRAINING, Runner.TERMINATING): frozenset({_S}),
    (Runner.DRAINING, Runner.GONE): frozenset({_P, _S}),
    (Runner.INTERRUPTED, Runner.LOST): frozenset({_S}),
    (Runner.INTERRUPTED, Runner.OFFLINE): frozenset({_R}),
    (Runner.INTERRUPTED, Runner.TERMINATING): frozenset({_S}),
    (Runner.INTERRUPTED, Runner.GONE): frozenset({_S}),
    (Runner.LOST, Runner.LIVE): frozenset({_R}),
    (Runner.LOST, Runner.DRAINING): frozenset({_R}),
    (Runner.LOST, Runner.INTERRUPTED): frozenset({_R}),
    (Runner.LOST, Runner.TERMINATING): frozenset({_S}),
    (Runner.LOST, Runner.GONE): frozenset({_P, _S}),
    (Runner.TERMINATING, Runner.GONE): frozenset({_S}),
}

INSTANCE_MOVES: Mapping[tuple[Instance, Instance], frozenset[Actor]] = {
    (Instance.PENDING, Instance.REQUESTED): frozenset({_S}),
    (Instance.PENDING, Instance.TERMINATING): frozenset({_S}),
    (Instance.PENDING, Instance.TERMINATED): frozenset({_S}),
    (Instance.REQUESTED, Instance.RUNNING): frozenset({_S}),
    (Instance.REQUESTED, Instance.TERMINATING): frozenset({_S}),
    (Instance.REQUESTED, Instance.TERMINATED): frozenset({_S}),
    (Instance.RUNNING, Instance.DRAINING): frozenset({_S, _P}),
    (Instance.RUNNING, Instance.TERMINATING): frozenset({_S}),
    (Instance.RUNNING, Instance.TERMINATED): frozenset({_S}),
    (Instance.DRAINING, Instance.RUNNING): frozenset({_S}),
    (Instance.DRAINING, Instance.TERMINATING): frozenset({_S}),
    (Instance.DRAINING, Instance.TERMINATED): frozenset({_S}),
    (Instance.TERMINATING, Instance.TERMINATED): frozenset({_S}),
}


class ForbiddenMove(Exception):
    """A move that no rule allows: a fault in our code, never the user's."""


def check_move(
    moves: Mapping[tuple[StrEnum, StrEnum], frozenset[Actor]],
    old: StrEnum,
    new: StrEnum,
    who: Actor,
) -> None:
    """Raise ForbiddenMove unless `who` may move something from `old` to `new`."""
    if who not in moves.get((old, new), frozenset()):
        raise ForbiddenMove(f"{who} may not move {type(old).__name__.lower()} from {old} to {new}")


def run_status(jobs: Iterable[Job]) -> Job:
    """The status of a run whose jobs have these statuses; a run without jobs is done."""
    present = set(jobs)
    if present <= FINISHED_JOB:
        return _first(present, Job.FAILED, Job.ABORTED, Job.STOPPED, Job.DONE) or Job.DONE
    busy = _first(present, Job.ABORTING, Job.STOPPING, Job.RUNNING)
    if busy:
        return busy
    return Job.RUNNING if present & FINISHED_JOB else Job.SUBMITTED


def _first(present: set[Job], *order: Job) -> Job | None:
    return next((status for status in order if status in present), None)
