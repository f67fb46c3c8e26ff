"""For scripts and the dstack client: bearer token of a person, JSON only."""

from flask import Blueprint

from webapp.api.file_path import know_file_paths

api = Blueprint("api", __name__, url_prefix="/api")
api.record_once(know_file_paths)

from webapp.api import (  # noqa: E402 - the routes hang themselves on the blueprint
    add_job,
    artifacts,
    aws,
    bearer,
    job_actions,
    jobs,
    limits,
    logs,
    on_demand,
    practice,
    repos,
    run_actions,
    run_logs,
    runners,
    runs,
    secrets,
    submit,
    tags,
    upload,
    workflow_runs,
)

__all__ = [
    "add_job",
    "api",
    "artifacts",
    "aws",
    "bearer",
    "job_actions",
    "jobs",
    "limits",
    "logs",
    "on_demand",
    "practice",
    "repos",
    "run_actions",
    "run_logs",
    "runners",
    "runs",
    "secrets",
    "submit",
    "tags",
    "upload",
    "workflow_runs",
]
