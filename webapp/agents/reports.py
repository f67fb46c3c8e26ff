"""What happened to jobs, as their runner tells it."""

from typing import Any

from flask import Response, g, jsonify
from pydantic import ValidationError
from sqlalchemy import select

from webapp.access import allow
from webapp.agents import agents
from webapp.agents.credential import this_runner
from webapp.agents.hearing import heard_runner
from webapp.agents.schemas import Finished, Reports, Started
from webapp.clock import now
from webapp.engine.outcomes import Ended
from webapp.engine.states import ACTIVE_JOB
from webapp.errors import bad_content
from webapp.extensions import db
from webapp.json_input import json_input
from webapp.models.attempts import conclude
from webapp.models.job import Attempt, Job
from webapp.models.job_moves import begin_job
from webapp.models.transaction import writing

_KINDS = {"started": Started, "finished": Finished}
_OLD = {"status": 409, "code": "old_attempt", "message": "This attempt is not yours any more."}


@agents.post("/reports")
@allow("runner")
def reports() -> tuple[Response, int]:
    """Apply each report by itself, in order; all in one transaction."""
    body = json_input(Reports)
    with writing():
        heard_runner()
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
    attempt = db.session.get(Attempt, (report.job, report.attempt), populate_existing=True)
    if attempt is None or attempt.runner_id != g.runner.id or attempt.outcome == "lost":
        return _OLD
    job = _job_row(report.job)
    open_still = attempt.finished_at is None and job.attempt == report.attempt
    if open_still and job.status in ACTIVE_JOB:  # otherwise we have heard it before
        _tell(job, report)
    return {"status": 200}


def _tell(job: Any, report: Started | Finished) -> None:
    if isinstance(report, Started):
        begin_job(job, now())
        return
    ended = Ended(report.outcome, report.exit_code, report.signal, report.reason)
    conclude(this_runner(), job, ended, now(), log_size=report.log_size)


def _job_row(job_id: str) -> Any:
    jobs = Job.__table__
    return db.session.execute(select(jobs).where(jobs.c.id == job_id)).first()
