"""Artifacts: the files that an attempt of a job left."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import db
from webapp.models.blob import CHUNK, Blob
from webapp.models.columns import Moment, Sentence, Size
from webapp.models.job import Attempt


class Artifact(db.Model):
    """`folder` is the part of `path` before its last slash, empty at the top.

    They count, all at once, from `artifacts_at` of their attempt on.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"))
    attempt: Mapped[int]
    path: Mapped[Sentence]
    folder: Mapped[Sentence]
    size: Mapped[Size]
    sha256: Mapped[str]
    mode: Mapped[int]
    blob_id: Mapped[int] = mapped_column(ForeignKey("blob.id"))
    created_at: Mapped[Moment]

    __table_args__ = (
        Index("ix_artifact_path", "job_id", "attempt", "path", unique=True),
        Index("ix_artifact_folder", "job_id", "attempt", "folder"),
        Index("ix_artifact_blob_id", "blob_id"),
    )


def kept_attempt(job_id: str) -> Any:
    """The newest attempt whose artifacts are there; None when the job left none."""
    table = Attempt.__table__
    query = select(table).where(table.c.job_id == job_id, table.c.artifacts_at.is_not(None))
    return db.session.execute(query.order_by(table.c.number.desc()).limit(1)).first()


def files_of(job_id: str, attempt: int) -> Any:
    """A query of these files with where their contents are, to be narrowed and ordered."""
    rows, blobs = Artifact.__table__, Blob.__table__
    query = select(rows, blobs.c.store, blobs.c.key, blobs.c.state, blobs.c.upload)
    query = query.join_from(rows, blobs, blobs.c.id == rows.c.blob_id)
    return query.where(rows.c.job_id == job_id, rows.c.attempt == attempt)


def file_named(job_id: str, attempt: int, path: str) -> Any:
    """The one of that path, or None."""
    query = files_of(job_id, attempt).where(Artifact.path == path)
    return db.session.execute(query).first()


def totals(job_id: str, attempt: int) -> tuple[int, int]:
    """How many files, and their bytes together."""
    query = select(func.count(), func.coalesce(func.sum(Artifact.size), 0))
    row = db.session.execute(
        query.where(Artifact.job_id == job_id, Artifact.attempt == attempt)
    ).one()
    return int(row[0]), int(row[1])


def leaving_jobs(job_ids: Collection[str]) -> set[str]:
    """Those of these jobs of which there are artifacts."""
    ordered, found = sorted(job_ids), set()
    for start in range(0, len(ordered), CHUNK):
        these = Artifact.job_id.in_(ordered[start : start + CHUNK])
        found |= set(db.session.scalars(select(Artifact.job_id).where(these).distinct()))
    return found
