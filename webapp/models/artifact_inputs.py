"""The artifacts that a job begins with: those of its `input_jobs`, in their order."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, func, select

from webapp.extensions import db
from webapp.models.artifact import Artifact
from webapp.models.blob import WHOLE, Blob
from webapp.models.job import Attempt, Job


def input_files(job_ids: Sequence[str], start: int, most: int) -> list[Any]:
    """Files with where they lie; of two with one path the later one is meant to win."""
    if not job_ids:
        return []
    rows, jobs, blobs = Artifact.__table__, Job.__table__, Blob.__table__
    query = select(rows, jobs.c.workflow_name, blobs.c.store, blobs.c.key)
    query = query.join_from(rows, jobs, jobs.c.id == rows.c.job_id)
    query = query.join(blobs, blobs.c.id == rows.c.blob_id)
    order = case({job_id: place for place, job_id in enumerate(job_ids)}, value=rows.c.job_id)
    query = query.where(*_kept(job_ids)).order_by(order, rows.c.id)
    return list(db.session.execute(query.offset(start).limit(most)))


def input_blobs(job_ids: Sequence[str], digests: Sequence[str]) -> dict[str, Any]:
    """Digest -> where that content lies, of those that are one of theirs."""
    rows, blobs = Artifact.__table__, Blob.__table__
    query = select(blobs).join_from(blobs, rows, rows.c.blob_id == blobs.c.id)
    query = query.where(*_kept(job_ids), rows.c.sha256.in_(digests), blobs.c.state == WHOLE)
    return {row.sha256: row for row in db.session.execute(query)}


def _kept(job_ids: Sequence[str]) -> tuple[Any, ...]:
    """Artifacts of the newest attempt of each of these jobs whose artifacts are there."""
    rows, attempts = Artifact.__table__, Attempt.__table__
    newest = select(func.max(attempts.c.number)).where(
        attempts.c.job_id == rows.c.job_id, attempts.c.artifacts_at.is_not(None)
    )
    return rows.c.job_id.in_(job_ids), rows.c.attempt == newest.scalar_subquery()
