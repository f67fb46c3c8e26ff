"""Every way in which an instance, and with it its runner, changes its status.

Each verb answers False when somebody was first.
"""

from typing import Any

from webapp.engine.states import ABSENT_RUNNER, INSTANCE_MOVES, RUNNER_MOVES
from webapp.engine.states import Instance as Status
from webapp.engine.states import Runner as RunnerStatus
from webapp.extensions import db
from webapp.models.attempts import lose_attempts
from webapp.models.event import SCHEDULER, Who
from webapp.models.instance import Instance, lock_instance
from webapp.models.job_moves import active_jobs
from webapp.models.moves import move
from webapp.models.returning import return_jobs
from webapp.models.runner import Runner
from webapp.models.runner_moves import drain_runner, interrupt_runner, move_runner, resume_runner

_ENDED_RUNNER = frozenset({RunnerStatus.TERMINATING, RunnerStatus.GONE})
_BOOTED = frozenset({Status.RUNNING, Status.DRAINING})
_ABSENT = ABSENT_RUNNER | {RunnerStatus.REQUESTED}


def move_instance(
    who: Who, instance: Instance, new: Status, what: str, why: str, now: int, **values: Any
) -> bool:
    """Move an instance from the status it was read in."""
    moved = move(
        INSTANCE_MOVES,
        Instance,
        instance.id,
        Status(instance.status),
        new,
        who=who,
        what=f"instance {what}",
        why=why,
        now=now,
        about={
            "instance_id": instance.id,
            "runner_id": instance.runner_id,
            "limit_id": instance.limit_id,
        },
        values={"reason": why or None, **values},
    )
    if moved:
        db.session.refresh(instance)
    return moved


def lock_both(instance_id: str) -> tuple[Instance, Runner]:
    """An instance and its runner as they are now. The runner is locked first, as a claim does."""
    runner_id = db.session.get_one(Instance, instance_id).runner_id
    runner = db.session.get_one(Runner, runner_id, with_for_update=True, populate_existing=True)
    return lock_instance(instance_id), runner


def drain_instance(who: Who, instance_id: str, cause: str, why: str, now: int) -> bool:
    """The runner takes no more jobs; one that has got a job since is not idle, and stays."""
    instance, runner = lock_both(instance_id)
    if cause == "idle" and active_jobs(runner.id):
        return False
    if runner.status == RunnerStatus.LIVE and not drain_runner(who, runner, why, now):
        return False
    if instance.status == Status.RUNNING:
        values = {"drain_cause": cause, "draining_at": now}
        return move_instance(who, instance, Status.DRAINING, "draining", why, now, **values)
    return instance.status == Status.DRAINING


def keep_instance(instance_id: str, why: str, now: int) -> bool:
    """A draining machine that has not been told to die takes jobs again."""
    instance, runner = lock_both(instance_id)
    if instance.status != Status.DRAINING or instance.wish:
        return False
    if runner.status == RunnerStatus.DRAINING and not resume_runner(SCHEDULER, runner, why, now):
        return False
    if runner.status not in (RunnerStatus.DRAINING, RunnerStatus.LIVE):
        return False
    values = {"drain_cause": None, "draining_at": None}
    return move_instance(SCHEDULER, instance, Status.RUNNING, "kept", why, now, **values)


def end_instance(instance_id: str, cause: str, why: str, now: int) -> bool:
    """Tell it to die: never while its runner takes jobs or holds one, unless `cause` is now, in
    which case the jobs go back to the queue without spending a retry."""
    instance, runner = lock_both(instance_id)
    if instance.status in (Status.TERMINATING, Status.TERMINATED):
        return False
    if cause == "now":
        _empty(runner, why, now)
    elif runner.status == RunnerStatus.LIVE or active_jobs(runner.id):
        return False
    if runner.status not in _ENDED_RUNNER:
        move_runner(SCHEDULER, runner, RunnerStatus.TERMINATING, "terminating", why, now)
    values = {"end_cause": cause, "terminating_at": now, "terminate_next_at": now}
    return move_instance(SCHEDULER, instance, Status.TERMINATING, "terminating", why, now, **values)


def _empty(runner: Runner, why: str, now: int) -> None:
    if runner.status == RunnerStatus.LIVE:
        drain_runner(SCHEDULER, runner, why, now)
        db.session.refresh(runner)
    return_jobs(runner.id, why, now)


def instance_over(instance_id: str, why: str, aws_reason: str, now: int) -> Instance | None:
    """EC2 has said that nothing of it is left: the slot is free, the runner gone, and jobs that
    were still on it have lost their attempt. None when it was over already."""
    instance, runner = lock_both(instance_id)
    if instance.status == Status.TERMINATED:
        return None
    words = ". ".join(part.rstrip(".") for part in (why, aws_reason) if part)
    # The notice is known from EC2 or from the agent, which often hears it first.
    if instance.interruption_at is not None or runner.status == RunnerStatus.INTERRUPTED:
        return_jobs(runner.id, words, now)
    lose_attempts(SCHEDULER, runner.id, words, now)
    values = {
        "terminated_at": now,
        "aws_reason": aws_reason or None,
        "end_cause": instance.end_cause or "ec2",
        "bootstrap_digest": None,
        "user_data": None,
        "terminate_error": None,
    }
    # What we ended keeps our reason; what ended by itself has EC2's.
    told = instance.reason if instance.terminating_at and instance.reason else why
    if not move_instance(SCHEDULER, instance, Status.TERMINATED, "terminated", told, now, **values):
        return None
    if (RunnerStatus(runner.status), RunnerStatus.GONE) in RUNNER_MOVES:
        gone = {"credential_digest": None, "session": None}
        move_runner(SCHEDULER, runner, RunnerStatus.GONE, "gone", words, now, **gone)
    return instance


def instance_found(instance_id: str, facts: dict[str, Any], why: str, now: int) -> bool:
    """EC2 knows it: keep ids and zone, and move on from pending."""
    instance = lock_instance(instance_id)
    values = {name: value for name, value in facts.items() if getattr(instance, name) != value}
    if "holding" in values:
        values["holding_since"] = now if values["holding"] else None
    if values.get("ec2_id"):
        values["machine_at"] = instance.machine_at or now
    if instance.status == Status.PENDING and (values.get("request_id") or values.get("ec2_id")):
        values["requested_at"] = now
        return move_instance(SCHEDULER, instance, Status.REQUESTED, "requested", why, now, **values)
    for name, value in values.items():
        setattr(instance, name, value)
    db.session.flush()
    return bool(values)


def instance_running(instance_id: str, why: str, now: int) -> bool:
    """There is a machine, as EC2 or its own agent says."""
    instance = lock_instance(instance_id)
    values = {"machine_at": instance.machine_at or now, "holding": None, "holding_since": None}
    if instance.status == Status.PENDING:
        move_instance(SCHEDULER, instance, Status.REQUESTED, "requested", why, now)
    if instance.status != Status.REQUESTED:
        return False
    return move_instance(SCHEDULER, instance, Status.RUNNING, "running", why, now, **values)


def instance_booted(instance_id: str, why: str, now: int) -> bool:
    """Its agent has called in: what it booted with is worth nothing any more."""
    instance_running(instance_id, why, now)
    instance = lock_instance(instance_id)
    if instance.booted_at is not None or instance.status not in _BOOTED:
        return False
    instance.booted_at, instance.user_data, instance.bootstrap_digest = now, None, None
    db.session.flush()
    return True


def instance_interrupted(instance_id: str, why: str, now: int) -> bool:
    """EC2 takes it back: no more jobs; those on it have up to two minutes."""
    instance, runner = lock_both(instance_id)
    if instance.interruption_at is not None:
        return False
    instance.interruption_at = now
    db.session.flush()
    if runner.status in (RunnerStatus.LIVE, RunnerStatus.DRAINING):
        interrupt_runner(SCHEDULER, runner, why, now, None)
    elif runner.status in _ABSENT:
        runner.comes_back_as = RunnerStatus.INTERRUPTED
        db.session.flush()
    return True


def instance_missing(instance_id: str, since: int | None) -> None:
    """EC2 has not listed it since; None: it does."""
    lock_instance(instance_id).missing_since = since
    db.session.flush()
