"""What the end of a job means for the jobs of its run that need it; in its own transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select, update

from webapp.engine.dependencies import Node, settle
from webapp.engine.states import JOB_MOVES
from webapp.engine.states import Job as Status
from webapp.models.event import SCHEDULER, record
from webapp.models.job import Job, ask
from webapp.models.moves import move
from webapp.models.run import refresh_run
from webapp.models.transaction import announce, execute

_JOBS = Job.__table__
_NODES = select(
    _JOBS.c.id,
    _JOBS.c.workflow_name,
    _JOBS.c.status,
    _JOBS.c.depends_on,
    _JOBS.c.blocked_by,
    _JOBS.c.reason,
)
_NODES = _NODES.where(_JOBS.c.run_id == bindparam("run")).order_by(_JOBS.c.position)
_CHUNK = 500


def nodes_of(run_id: int) -> list[Node]:
    """The jobs of a run and what they need, in order."""
    return [as_node(row) for row in execute(_NODES, {"run": run_id})]


def as_node(row: Any, runner: str | None = None) -> Node:
    """A row of a job, for the rules."""
    name, needs = row.workflow_name or row.id, tuple(row.depends_on)
    status = Status(row.status)
    return Node(row.id, name, status, needs, row.blocked_by, row.reason, runner)


def settle_dependents(run_id: int, now: int) -> None:
    """Free the jobs that have all they need, stop those that will never have it."""
    found = settle(nodes_of(run_id))
    for job_id, blocked_by in found.blocked.items():
        _change([job_id], blocked_by=blocked_by)
    _free(run_id, found.free, now)
    for job_id, why in found.doomed.items():
        _stop(run_id, job_id, why, now)
    if found.doomed:
        refresh_run(run_id, now)


def _free(run_id: int, ids: Sequence[str], now: int) -> None:
    for start in range(0, len(ids), _CHUNK):
        some = ids[start : start + _CHUNK]
        _change(some, blocked_by=0, queued_at=now, updated_at=now)
        for row in execute(select(_JOBS).where(_JOBS.c.id.in_(some))):
            why = "What it needs is done."
            record(SCHEDULER, "job freed", why, now, run_id=run_id, job_id=row.id)
            announce("jobs", ask(row))


def _change(ids: Sequence[str], **values: Any) -> None:
    waiting = (_JOBS.c.id.in_(ids), _JOBS.c.status == Status.SUBMITTED)
    execute(update(_JOBS).where(*waiting).values(**values))


def _stop(run_id: int, job_id: str, why: str, now: int) -> None:
    values = {"finished_at": now, "waiting": None, "reason": why}
    about = {"run_id": run_id, "job_id": job_id}
    told = {"who": SCHEDULER, "what": "job stopped", "why": why, "now": now}
    old, new = Status.SUBMITTED, Status.STOPPED
    move(JOB_MOVES, Job, job_id, old, new, about=about, values=values, **told)
