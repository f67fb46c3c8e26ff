"""The books at one instant, as the planner wants them."""

from collections import defaultdict
from typing import Any

from sqlalchemy import func, select

from webapp.engine.resources import Ask, Gpu, Have
from webapp.engine.snapshot import (
    SPOT,
    InstanceView,
    LimitView,
    Rules,
    RunnerView,
    Snapshot,
    Trouble,
    WaitingJob,
)
from webapp.engine.states import ACTIVE_JOB
from webapp.engine.states import Instance as InstanceStatus
from webapp.engine.states import Runner as RunnerStatus
from webapp.extensions import db
from webapp.models.aws_account import aws_account
from webapp.models.catalogue import Offering, lowest_prices
from webapp.models.instance import Instance
from webapp.models.job import Attempt, Job, ask
from webapp.models.limit import Limit, key_of
from webapp.models.offers import runners_there
from webapp.models.reservation import MEMORY_FOR_JOBS
from webapp.models.runner import ON_DEMAND, Runner
from webapp.models.transaction import begin_snapshot
from webapp.models.waiting import waiting_jobs

_ASKS = (
    Job.cpu_milli,
    Job.memory_mib,
    Job.shm_mib,
    Job.gpu_count,
    Job.gpu_name,
    Job.gpu_memory_mib,
    Job.interruptible,
    Job.labels,
    Job.image,
)


def gather(now: int) -> Snapshot | None:
    """None when nothing waits and nothing lives: then there is nothing to decide."""
    begin_snapshot()
    jobs = tuple(WaitingJob(id, ask, says) for id, says, ask in waiting_jobs())
    instances = _living()
    if not jobs and not instances:
        return None
    runners = _runners()
    return Snapshot(
        now,
        _rules(),
        jobs,
        tuple(runners.values()),
        tuple(_instance(row, runners) for row in instances),
        _limits(),
    )


def _living() -> list[Any]:
    table = Instance.__table__
    query = select(table).where(table.c.status != InstanceStatus.TERMINATED)
    return list(db.session.execute(query.order_by(table.c.created_at, table.c.id)))


def _rules() -> Rules:
    account = aws_account()
    if account is None:
        return Rules(configured=False)
    return Rules(
        configured=True,
        enabled=account.enabled,
        idle_seconds=account.idle_seconds,
        boot_seconds=account.boot_seconds,
        lifetime_seconds=account.lifetime_seconds,
    )


def _runners() -> dict[str, RunnerView]:
    jobs, idle = _running_jobs(), _last_finished()
    return {
        row.id: RunnerView(
            id=row.id,
            name=row.name,
            status=RunnerStatus(row.status),
            have=offer,
            jobs=tuple(jobs[row.id]),
            on_demand=row.kind == ON_DEMAND,
            idle_since=max(row.started_at or row.created_at, idle.get(row.id, 0)),
            status_since=row.updated_at,
        )
        for row, offer in runners_there()
    }


def _running_jobs() -> dict[str, list[Ask]]:
    query = select(Job.runner_id, *_ASKS).where(Job.status.in_(ACTIVE_JOB))
    jobs = defaultdict(list)
    for row in db.session.execute(query):
        jobs[row.runner_id].append(ask(row))
    return jobs


def _last_finished() -> dict[str, int]:
    """Runner id -> when its last attempt ended, for runners that are billed while idle."""
    query = select(Attempt.runner_id, func.max(Attempt.finished_at))
    query = query.join(Runner, Runner.id == Attempt.runner_id).where(
        Runner.kind == ON_DEMAND,
        Runner.status != RunnerStatus.GONE,
        Attempt.finished_at.is_not(None),
    )
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Attempt.runner_id))}


def _instance(row: Any, runners: dict[str, RunnerView]) -> InstanceView:
    trouble = None
    if row.launch_error and row.status == InstanceStatus.PENDING and row.next_try_at:
        trouble = Trouble("launch", row.launch_error, row.next_try_at)
    return InstanceView(
        id=row.id,
        key=key_of(row),
        status=InstanceStatus(row.status),
        created_at=row.created_at,
        have=_have(row, 1.0, row.container, row.purchase_type == SPOT),
        runner=runners.get(row.runner_id),
        job_id=row.job_id,
        booted=row.booted_at is not None,
        booted_at=row.booted_at,
        has_machine=row.ec2_id is not None,
        holding=row.holding,
        holding_since=row.holding_since,
        trouble=trouble,
        drain_cause=row.drain_cause,
        interrupted=row.interruption_at is not None,
        wish=row.wish,
        wish_why=row.wish_why or "",
    )


def _limits() -> tuple[LimitView, ...]:
    prices = lowest_prices()
    limit, kind = Limit.__table__, Offering.__table__
    same = (limit.c.region == kind.c.region) & (limit.c.instance_type == kind.c.instance_type)
    query = select(limit, kind.c.cpu_milli, kind.c.memory_mib, kind.c.gpus)
    rows = db.session.execute(query.select_from(limit.outerjoin(kind, same)).order_by(limit.c.id))
    return tuple(_limit(row, prices) for row in rows)


def _limit(row: Any, prices: dict[tuple[str, str], tuple[float, int]]) -> LimitView:
    spot = row.purchase_type == SPOT
    # EC2 tells spot prices only; what On-demand costs is in no API that the permissions cover.
    price, _ = prices.get((row.region, row.instance_type), (None, 0)) if spot else (None, 0)
    known = row.cpu_milli is not None
    trouble = None
    if row.trouble_kind and row.trouble_until:
        trouble = Trouble(row.trouble_kind, row.trouble_message or "", row.trouble_until)
    return LimitView(
        id=row.id,
        key=key_of(row),
        maximum=row.maximum,
        have=_have(row, MEMORY_FOR_JOBS, False, spot) if known else None,
        enabled=row.enabled,
        price=price,
        trouble=trouble,
        tripped=row.tripped_at is not None,
    )


def _have(row: Any, memory: float, container: bool, interruptible: bool) -> Have:
    return Have(
        cpu_milli=row.cpu_milli,
        memory_mib=int(row.memory_mib * memory),
        gpus=tuple(Gpu(gpu["name"], gpu["memory_mib"]) for gpu in row.gpus or ()),
        containers=container,
        interruptible=interruptible,
    )
