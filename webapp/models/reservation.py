"""A slot of a limit is reserved: the one place where a machine begins to exist for us.

Whatever was planned, the limit is rechecked in the transaction that inserts the row. SQLite has
one writer at a time; PostgreSQL locks the row of the limit.
"""

import secrets
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from webapp.engine.limits import headroom
from webapp.engine.states import Instance as InstanceStatus
from webapp.engine.states import Runner as RunnerStatus
from webapp.extensions import db
from webapp.models.aws_account import AwsAccount, aws_account
from webapp.models.catalogue import Offering, offering
from webapp.models.event import Who, record
from webapp.models.instance import Instance, slots_taken
from webapp.models.job import Job
from webapp.models.limit import Limit, key_of, lock_limit
from webapp.models.naming import name_for_on_demand_runner
from webapp.models.queue import WAITS
from webapp.models.region import use_region
from webapp.models.runner import ON_DEMAND, Runner
from webapp.models.transaction import require_writing

MEMORY_FOR_JOBS = 0.93  # the kernel and the agent keep some of what AWS states


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to reserve a slot for."""

    limit_id: int
    job_id: str
    container: bool
    why: str


def reserve_slot(who: Who, wanted: Wanted, now: int) -> Instance | None:
    """A runner (requested) and its instance (pending); None when that is no longer right: the
    limit is full or closed, or the job has a machine coming or is not waiting any more."""
    require_writing()
    limit, account = lock_limit(wanted.limit_id), aws_account()
    if limit is None or account is None or not _may_launch(limit, account, now):
        return None
    if headroom(limit.maximum, slots_taken(key_of(limit))) == 0:
        return None
    found = offering(limit.region, limit.instance_type)
    if found is None or not _still_wanted(wanted.job_id):
        return None
    use_region(limit.region, now)
    runner = _runner(limit, found, now)
    instance = _instance(limit, found, runner, wanted, account, now)
    db.session.add_all([runner, instance])
    db.session.flush()
    about = {"runner_id": runner.id, "instance_id": instance.id, "limit_id": limit.id}
    run_id = db.session.scalar(select(Job.run_id).where(Job.id == wanted.job_id))
    record(who, "launch", wanted.why, now, job_id=wanted.job_id, run_id=run_id, **about)
    return instance


def _may_launch(limit: Limit, account: AwsAccount, now: int) -> bool:
    waits = limit.trouble_until is not None and limit.trouble_until > now
    return account.enabled and limit.enabled and limit.tripped_at is None and not waits


def _still_wanted(job_id: str) -> bool:
    """Two schedulers may have planned the same launch: the second one finds the first's row."""
    waits = db.session.scalar(select(Job.id).where(Job.id == job_id, *WAITS)) is not None
    coming = select(Instance.id).join(Runner, Runner.id == Instance.runner_id)
    coming = coming.where(
        Instance.job_id == job_id,
        Instance.status != InstanceStatus.TERMINATED,
        Instance.status != InstanceStatus.TERMINATING,
        Runner.status == RunnerStatus.REQUESTED,
    )
    return waits and db.session.scalar(coming.limit(1)) is None


def _runner(limit: Limit, found: Offering, now: int) -> Runner:
    return Runner(
        id=str(uuid.uuid4()),
        name=name_for_on_demand_runner(),
        kind=ON_DEMAND,
        status=RunnerStatus.REQUESTED,
        region=limit.region,
        instance_type=limit.instance_type,
        purchase_type=limit.purchase_type,
        arch=found.arch,
        created_at=now,
        updated_at=now,
        **_resources(found),
    )


def _instance(
    limit: Limit, found: Offering, runner: Runner, wanted: Wanted, account: AwsAccount, now: int
) -> Instance:
    return Instance(
        id=str(uuid.uuid4()),
        runner_id=runner.id,
        limit_id=limit.id,
        status=InstanceStatus.PENDING,
        job_id=wanted.job_id,
        container=wanted.container,
        valid_until=_mark(limit.region, now + account.boot_seconds * 1000),
        created_at=now,
        updated_at=now,
        **key_of(limit)._asdict(),
        **_resources(found),
    )


def _resources(found: Offering) -> dict[str, Any]:
    memory = int(found.memory_mib * MEMORY_FOR_JOBS)
    return {"cpu_milli": found.cpu_milli, "memory_mib": memory, "gpus": list(found.gpus)}


def _mark(region: str, earliest: int) -> int:
    """A ValidUntil, in whole seconds, that no other row of this region has."""
    second = -(-earliest // 1000) * 1000
    query = select(Instance.valid_until).where(
        Instance.region == region, Instance.valid_until >= second
    )
    used = set(db.session.scalars(query))
    while second in used:
        second += 1000
    return second


def new_bootstrap_token() -> str:
    """What the machine exchanges for a credential, once."""
    return secrets.token_urlsafe(24)
