"""REPORT objects of the protocol."""

from __future__ import annotations

from typing import NamedTuple

from runner_client.job import Job

_LONGEST_REASON = 2000


class Report(NamedTuple):
    job: Job
    is_last: bool
    body: dict


def started(job: Job) -> Report:
    return Report(job, False, dict(job.key.as_json(), kind="started", at=job.started_at))


def finished(job: Job) -> Report:
    body = dict(job.key.as_json(), kind="finished", at=job.finished_at, log_size=job.spool.total)
    body.update(job.outcome._asdict())
    if body["reason"]:
        body["reason"] = body["reason"][:_LONGEST_REASON]
    return Report(job, True, body)
