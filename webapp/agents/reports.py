"""What happened to jobs, as their runner tells it."""

from typing import Any

from flask import Response, g, jsonify
from pydantic import ValidationError
from sqlalchemy import bindparam, select

from webapp.access import allow
from webapp.agents import agents
from webapp.agents.credential import this_runner
from webapp.agents.hearing import heard_runner
from webapp.agents.schemas import Finished, Reports, Started
from webapp.clock import now
from webapp.engine.outcomes import Ended
from webapp.engine.states import ACTIVE_JOB
from webapp.errors import bad_content
from webapp.json_input import json_input
from webapp.models.attempts import conclude
from webapp.models.job import Attempt, Job
from webapp.models.job_moves import begin_job
from webapp.models.run import lock_runs_of
from webapp.models.transaction import execute, writing

_KINDS = {"started": Started, "finished": Finished}
_JOBS, _ATTEMPTS = Job.__table__, Attempt.__table__
_JOB_AND_ATTEMPT = (
    select(
        _JOBS,
        _ATTEMPTS.c.runner_id.label("tried_by"),
        _ATTEMPTS.c.outcome,
        _ATTEMPTS.c.finished_at.label("attempt_over_at"),
    )
    .join_from(_JOBS, _ATTEMPTS, _ATTEMPTS.c.job_id == _JOBS.c.id)
    .where(_JOBS.c.id == bindparam("job"), _ATTEMPTS.c.number == bindparam("number"))
)
_OLD = {"status": 409, "code": "old_attempt", "message": "This attempt is not yours any more."}


@agents.post("/reports")
@allow("runner")
def reports() -> tuple[Response, int]:
    """Apply each report by itself, in order; all in one transaction."""
    body = json_input(Reports, zero_bytes=True)
    with writing():
        heard_runner()
        lock_runs_of([item["job"] for item in body.reports if isinstance(item.get("job"), str)])
        results = [_apply(item) for item in body.reports]
    refused = bool(results) and all(result["status"] == 409 for result in results)
    return jsonify(results=results), 409 if refused else 200


def _apply(item: dict[str, object]) -> dict[str, object]:
    about = {"job": item.get("job"), "attempt": item.get("attempt")}
    try:
        report = _KINDS.get(str(item.get("kind")), Started).model_validate(item)
    except ValidationError as error:
        return {**about, **bad_content(error).body, "status": 400}
    return {**about, **_book(report)}


def _book(report: Started | Finished) -> dict[str, object]:
    job = execute(_JOB_AND_ATTEMPT, {"job": report.job, "number": report.attempt}).first()
    if job is None or job.tried_by != g.runner.id or job.outcome == "lost":
        return _OLD
    if _ended_otherwise(job, report):
        return _OLD
    open_still = job.attempt_over_at is None and job.attempt == report.attempt
    if open_still and job.status in ACTIVE_JOB:  # otherwise we have heard it before
        _tell(job, report)
    return {"status": 200}


def _ended_otherwise(job: Any, report: Started | Finished) -> bool:
    """We took the attempt back meanwhile: a 200 would say that this end of it counts."""
    over = job.attempt_over_at is not None
    return over and isinstance(report, Finished) and report.outcome != job.outcome


def _tell(job: Any, report: Started | Finished) -> None:
    if isinstance(report, Started):
        begin_job(job, now(), report.runs_in, report.ports)
        return
    ended = Ended(report.outcome, report.exit_code, report.signal, report.reason)
    conclude(this_runner(), job, ended, now(), log_size=report.log_size)
