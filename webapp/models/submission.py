"""A submission becomes a run and its jobs: all of them or none."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import insert

from webapp.engine.jobs import Code, JobSpec
from webapp.engine.kinds import kind_of
from webapp.engine.resources import Ask
from webapp.engine.states import Job as Status
from webapp.engine.words import count
from webapp.models.event import Who, record
from webapp.models.inputs import tagged_jobs
from webapp.models.job import Job
from webapp.models.naming import name_for_run
from webapp.models.run import Run
from webapp.models.transaction import announce, execute, require_writing

# Built once: making them takes longer than running them.
_JOBS = Job.__table__
_NEW_RUN = insert(Run.__table__).returning(Run.__table__.c.id)
_NEW_JOBS = insert(_JOBS)


def submit_run(
    who: Who,
    user_id: int,
    jobs: Sequence[JobSpec],
    now: int,
    *,
    workflow_name: str | None = None,
    variables: Mapping[str, str] | None = None,
    source: str | None = None,
    code: Code | None = None,
) -> str:
    """Name of the new run; its jobs wait for runners from the end of this transaction on.

    Raises engine.tags.UnknownTag, before anything is written, when a job needs the artifacts of a
    tagged run that is not there.
    """
    require_writing()
    inputs = [tagged_jobs(job.tagged_inputs, variables or {}) for job in jobs]
    run = {"name": name_for_run(), "user_id": user_id, "workflow_name": workflow_name}
    run |= {"variables": dict(variables or {}), "source": source, "status": Status.SUBMITTED}
    run |= asdict(code or Code())
    moments = {"submitted_at": now, "updated_at": now}
    run_id = execute(_NEW_RUN, {**run, **moments}).scalar_one()
    ids = [secrets.token_hex(6) for _ in jobs]
    rows = [job_row(job, run_id, position, ids, now) for position, job in enumerate(jobs)]
    for row, job, tagged in zip(rows, jobs, inputs, strict=True):
        made = [ids[place] for place in dict.fromkeys(job.depends_on) if jobs[place].artifacts]
        row["input_jobs"] = [*made, *tagged]
    execute(_NEW_JOBS, rows)
    record(who, "run submitted", count(len(rows), "job"), now, run_id=run_id, user_id=user_id)
    announce("jobs", *(_needs(job) for job in jobs if not job.depends_on))
    return run["name"]


def job_row(
    job: JobSpec, run_id: int, position: int, ids: Sequence[str], now: int
) -> dict[str, Any]:
    """The row of the job at that position; `ids` are those of the run's jobs in order."""
    needs = _needs(job)
    if any(place not in range(position) for place in job.depends_on):
        raise ValueError(f"job {position} needs one that does not come before it")
    needed = [ids[place] for place in dict.fromkeys(job.depends_on)]
    return {
        "id": ids[position],
        "run_id": run_id,
        "position": position,
        "workflow_name": job.workflow_name,
        "status": Status.SUBMITTED,
        "commands": job.commands,
        "image": job.image,
        "working_dir": job.working_dir,
        "environment": dict(job.environment),
        "cpu_milli": needs.cpu_milli,
        "memory_mib": needs.memory_mib,
        "shm_mib": needs.shm_mib,
        "gpu_count": needs.gpu_count,
        "gpu_name": needs.gpu_name,
        "gpu_memory_mib": needs.gpu_memory_mib,
        "interruptible": needs.interruptible,
        "kind": kind_of(needs),
        "labels": sorted(needs.labels),
        "timeout_s": job.timeout_s,
        "queue_timeout_s": job.queue_timeout_s,
        "retries": job.retries,
        "retries_left": job.retries,
        "attempt": 0,
        "provider": job.provider,
        "python": asdict(job.python) if job.python else None,
        "ports": job.ports,
        "port_numbers": [],
        "artifact_paths": list(job.artifacts),
        "depends_on": needed,
        "blocked_by": len(needed),
        "submitted_at": now,
        "queued_at": now,
        "updated_at": now,
    }


def _needs(job: JobSpec) -> Ask:
    return replace(job.ask, container=job.image is not None)
