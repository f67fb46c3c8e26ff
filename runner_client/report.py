"""REPORT objects of the protocol."""

from __future__ import annotations

from typing import NamedTuple

from runner_client import outcome
from runner_client.job import Job

_LONGEST_REASON = 2000
_LONGEST_PLACE = 100


class Report(NamedTuple):
    job: Job
    is_last: bool
    body: dict


def started(job: Job) -> Report:
    body = dict(job.key.as_json(), kind="started", at=job.started_at)
    if job.runs_in:
        body["runs_in"] = job.clean(job.runs_in)[:_LONGEST_PLACE]
    if job.ports:
        body["ports"] = job.ports
    return Report(job, False, body)


def repeated(job: Job, at: int, last: dict) -> Report:
    """The server asks for an attempt that has ended here: `last` again, or that it was let go."""
    ended = outcome.returned("the runner has let go of this attempt before")
    job.outcome, job.finished_at = ended, at
    return Report(job, True, last) if last else finished(job)


def finished(job: Job) -> Report:
    body = dict(job.key.as_json(), kind="finished", at=job.finished_at, log_size=job.spool.total)
    body.update(job.outcome._asdict())
    if body["reason"]:
        body["reason"] = body["reason"][:_LONGEST_REASON]
    return Report(job, True, body)
