"""The artifacts that a job begins with: those of its `input_jobs`, in their order."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, exists, func, or_, select

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


def deleted_inputs(job_ids: Sequence[str]) -> list[str]:
    """What people call those of these jobs that left something once, and of which nothing is
    there any more."""
    jobs, attempts = Job.__table__, Attempt.__table__
    told = or_(attempts.c.artifacts_at.is_not(None), attempts.c.artifacts_trouble.is_not(None))
    leaving = exists().where(attempts.c.job_id == jobs.c.id, told)
    query = select(jobs.c.id, jobs.c.workflow_name, jobs.c.artifact_paths, leaving.label("told"))
    known = {row.id: row for row in db.session.execute(query.where(jobs.c.id.in_(job_ids)))}
    gone = [job_id for job_id in job_ids if job_id not in known]
    gone += [row.id for row in known.values() if row.artifact_paths and not row.told]
    return [(known[each].workflow_name or each) if each in known else each for each in gone]


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
