"""A job as its agent gets it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from webapp.models.run import Run
from webapp.models.secret import ANY_SECRET
from webapp.models.transaction import execute

_T = Run.__table__.c
_RUNS = select(_T.id, _T.name, _T.repo_url, _T.archive, ANY_SECRET.label("secrets"))
_RUNS = _RUNS.where(_T.id.in_(bindparam("runs", expanding=True)))


def job_payloads(jobs: Sequence[Any]) -> list[dict[str, object]]:
    """The JOB objects of the protocol for these rows."""
    runs = {job.run_id for job in jobs}
    known = {row.id: row for row in execute(_RUNS, {"runs": sorted(runs)})} if runs else {}
    return [_payload(job, known[job.run_id]) for job in jobs]


def _payload(job: Any, run: Any) -> dict[str, object]:
    return {
        "job": job.id,
        "attempt": job.attempt,
        "run_name": run.name,
        "workflow_name": job.workflow_name,
        "commands": job.commands,
        "image": job.image,
        "working_dir": job.working_dir,
        "environment": _environment(job, run.name),
        "timeout": job.timeout_s,
        "needs": needs_of(job, run),
        "python": job.python,
        "ports": job.ports,
        "artifacts": job.artifact_paths,
        "resources": {
            "cpu_milli": job.cpu_milli,
            "memory_mib": job.memory_mib,
            "shm_mib": job.shm_mib,
            "gpus": job.gpu_count,
        },
    }


def needs_of(job: Any, run: Any) -> list[str]:
    """What the agent has to fetch before the first command, in the order of fetching."""
    wanted = {
        "secrets": run.secrets,
        "code": run.repo_url is not None or run.archive is not None,
        "inputs": bool(job.input_jobs),
    }
    return [need for need, is_wanted in wanted.items() if is_wanted]


def _environment(job: Any, run_name: str) -> dict[str, str]:
    system = {"RUN_NAME": run_name, "JOB_ID": job.id, "PYTHONUNBUFFERED": "1"}
    return {**system, "JOB_ATTEMPT": str(job.attempt), **job.environment}
