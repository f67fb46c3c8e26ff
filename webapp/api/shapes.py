"""Runs, jobs and runners in the shapes of the API; times are epoch milliseconds."""

from typing import Any

from webapp.engine.states import FINISHED_JOB
from webapp.engine.states import Runner as RunnerStatus
from webapp.models.job import Job
from webapp.models.run import Run
from webapp.models.why_waits import why_waits

# Git repositories are not built yet: the keys are part of the shape, and null.
_REPOSITORY = dict.fromkeys(("repo_url", "repo_branch", "repo_hash", "repo_diff"))


def run_shape(run: Run) -> dict[str, Any]:
    """A run; its runner is named when all its jobs ran on one."""
    runners = {job.runner for job in run.jobs if job.runner}
    runner = runners.pop() if len(runners) == 1 else None
    finished = sum(job.status in FINISHED_JOB for job in run.jobs)
    return {
        "user_name": run.user.name,
        "run_name": run.name,
        "workflow_name": run.workflow_name,
        **_REPOSITORY,
        "variables": run.variables or {},
        **_moments(run),
        "status": run.status,
        "tag_name": run.tag_name,
        **_runner_of(runner),
        "number_of_finished_jobs": finished,
        "number_of_unfinished_jobs": len(run.jobs) - finished,
    }


def job_shape(job: Job, run: Run) -> dict[str, Any]:
    """A job of that run, with why it waits or ended as it did."""
    return {
        "user_name": run.user.name,
        "job_id": job.id,
        "run_name": run.name,
        "workflow_name": job.workflow_name,
        "previous_job_ids": job.depends_on,
        **_REPOSITORY,
        "variables": run.variables or {},
        "user_artifacts_s3_bucket": None,
        **_moments(job),
        "status": job.status,
        **_runner_of(job.runner),
        "artifact_paths": [],
        "requirements": _requirements(job),
        "host_name": job.runner.hostname if job.runner else None,
        "ports": [],
        "apps": [],
        "attempt": job.attempt,
        "exit_code": job.exit_code,
        "reason": job.reason,
        "waiting": why_waits(job, run.jobs if job.blocked_by else ()),
    }


def runner_shape(row: Any, owner: str | None) -> dict[str, Any]:
    """A runner; the published client knows two statuses, `status_name` has them all."""
    requested = row.status == RunnerStatus.REQUESTED
    return {
        "runner_id": row.id,
        "user_name": owner,
        "runner_name": row.name,
        "host_name": row.hostname,
        "status": "requested" if requested else "live",
        "status_name": row.status,
        "updated_at": row.last_seen_at or row.updated_at,
        "resources": {
            "cpu": {"count": row.cpu_milli // 1000},
            "memory_mib": row.memory_mib,
            "gpus": _numbered(row.gpus),
            "interruptible": row.purchase_type == "spot",
        },
        "region_name": row.region,
        "estimated_price": None,
        "purchase_type": row.purchase_type,
    }


def _moments(row: Any) -> dict[str, Any]:
    names = ("submitted_at", "started_at", "finished_at", "updated_at")
    return {name: getattr(row, name) for name in names}


def _runner_of(runner: Any) -> dict[str, Any]:
    owner = runner.owner.name if runner and runner.owner else None
    return {
        "runner_id": runner.id if runner else None,
        "runner_name": runner.name if runner else None,
        "runner_user_name": owner,
    }


def _requirements(job: Job) -> dict[str, Any]:
    gpu = {"name": job.gpu_name, "count": job.gpu_count, "memory": job.gpu_memory_mib or None}
    return {
        "cpu": {
            "count": job.cpu_milli // 1000 if job.cpu_milli % 1000 == 0 else job.cpu_milli / 1000
        },
        "memory": job.memory_mib or None,
        "shm_size": job.shm_mib or None,
        "gpu": gpu if job.gpu_count else None,
        "interruptible": job.interruptible,
    }


def _numbered(gpus: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The published client cannot bear two GPUs of one name in a list."""
    seen: dict[str, int] = {}
    named = []
    for gpu in gpus:
        number = seen[gpu["name"]] = seen.get(gpu["name"], 0) + 1
        name = gpu["name"] if number == 1 else f"{gpu['name']} #{number}"
        named.append({"name": name, "memory_mib": gpu["memory_mib"]})
    return named
