"""What an attempt says it leaves, and how it becomes the job's artifacts."""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from webapp.engine.words import count
from webapp.extensions import db
from webapp.models.artifact import Artifact, totals
from webapp.models.artifact_drop import drop_rows
from webapp.models.blob import COMING, GOING, WHOLE, Blob, whole_blobs
from webapp.models.event import Who, record
from webapp.models.job import Attempt
from webapp.models.transaction import require_writing


@dataclass(frozen=True, slots=True)
class File:
    """One file as the agent describes it; `mode` are permission bits."""

    path: str
    size: int
    sha256: str
    mode: int


class IntakeRefused(Exception):
    """One sentence: what cannot be kept, and why."""


def declare(
    job: Any, files: Sequence[File], store: str, key_of: Callable[[File], str], now: int
) -> None:
    """Note these files of the job's current attempt (at most some hundred; each path once).

    A content that nobody has yet gets a blob at `key_of` its first file. Raises IntakeRefused.
    """
    require_writing()
    new = _without_known(job, {file.path: file for file in files})
    blobs = _blobs_for(job, new, store, key_of, now)
    if new and _counts(job):  # people would be shown files whose contents are still to come
        raise IntakeRefused("What this attempt leaves was said to be complete, without that file.")
    rows = [
        {
            "job_id": job.id,
            "attempt": job.attempt,
            "path": file.path,
            "folder": file.path.rpartition("/")[0],
            "size": file.size,
            "sha256": file.sha256,
            "mode": file.mode,
            "blob_id": blobs[file.sha256],
            "created_at": now,
        }
        for file in new
    ]
    if rows:
        db.session.execute(insert(Artifact.__table__), rows)


def missing_blobs(job: Any, digests: Collection[str] | None = None, most: int = 1000) -> list[Any]:
    """Blobs that this attempt has said and that are not whole (of these digests)."""
    blobs, rows = Blob.__table__, Artifact.__table__
    query = select(blobs).distinct().join_from(blobs, rows, rows.c.blob_id == blobs.c.id)
    query = query.where(rows.c.job_id == job.id, rows.c.attempt == job.attempt)
    query = query.where(blobs.c.state != WHOLE).order_by(blobs.c.id).limit(most)
    if digests is not None:
        query = query.where(blobs.c.sha256.in_(digests))
    return list(db.session.execute(query))


def said_blobs(job: Any, digests: Collection[str]) -> dict[str, Any]:
    """Digest -> blob, of those of these contents that this attempt has said."""
    blobs, rows = Blob.__table__, Artifact.__table__
    query = select(blobs).join_from(blobs, rows, rows.c.blob_id == blobs.c.id)
    query = query.where(rows.c.job_id == job.id, rows.c.attempt == job.attempt)
    found = db.session.execute(query.where(rows.c.sha256.in_(digests)))
    return {row.sha256: row for row in found}


def became_whole(blobs: Mapping[str, int]) -> None:
    """These (digest -> id) are there and checked. When the same content came in from elsewhere
    first, that one is used and ours goes. (Two at once: the database refuses the second; do it
    again.)"""
    require_writing()
    first, table = whole_blobs(blobs), Blob.__table__
    new = [blob_id for sha256, blob_id in blobs.items() if sha256 not in first]
    mine = (table.c.id.in_(new), table.c.state == COMING)
    db.session.execute(update(table).where(*mine).values(state=WHOLE, upload=None))
    for sha256, other in first.items():
        if other.id != blobs[sha256]:
            _use(other.id, blobs[sha256])


def finish(who: Who, job: Any, trouble: str | None, now: int) -> tuple[int, int]:
    """From now on this is what the job left, and what earlier attempts left goes: how many files,
    and bytes. Nothing may be missing, except with `trouble`, which people see."""
    require_writing()
    if trouble:
        _drop_missing(job)
    files, size = totals(job.id, job.attempt)
    values = {"artifacts_trouble": trouble}
    if files or not trouble:  # nothing at all saved is no reason to lose what is there
        drop_rows(Artifact.job_id == job.id, Artifact.attempt < job.attempt)
        values["artifacts_at"] = now
    rows = Attempt.__table__
    mine = (rows.c.job_id == job.id, rows.c.number == job.attempt)
    before = db.session.execute(select(rows.c.artifacts_at, rows.c.artifacts_trouble).where(*mine))
    if before.one() == (None, None):  # not the same call again
        _tell(who, job, files, size, trouble, now)
    db.session.execute(update(rows).where(*mine).values(**values))
    return files, size


def _tell(who: Who, job: Any, files: int, size: int, trouble: str | None, now: int) -> None:
    about = {"run_id": job.run_id, "job_id": job.id, "runner_id": job.runner_id}
    about |= {"attempt": job.attempt, "data": {"files": files, "bytes": size}}
    what = "artifacts kept in part" if trouble and files else "artifacts kept"
    what = "artifacts not kept" if trouble and not files else what
    record(who, what, trouble or count(files, "file"), now, **about)


def _use(first: int, mine: int) -> None:
    table = Blob.__table__
    rows = update(Artifact.__table__).where(Artifact.blob_id == mine)
    db.session.execute(rows.values(blob_id=first))
    coming = (table.c.id == mine, table.c.state == COMING)
    db.session.execute(update(table).where(*coming).values(state=GOING))


def _counts(job: Any) -> bool:
    rows = Attempt.__table__
    mine = (rows.c.job_id == job.id, rows.c.number == job.attempt)
    return db.session.scalar(select(rows.c.artifacts_at).where(*mine)) is not None


def _without_known(job: Any, files: Mapping[str, File]) -> list[File]:
    rows = Artifact.__table__
    mine = (rows.c.job_id == job.id, rows.c.attempt == job.attempt)
    known = db.session.execute(select(rows).where(*mine, rows.c.path.in_(list(files)))).all()
    same = {row.path for row in known if _same(row, files[row.path])}
    changed = [row.id for row in known if row.path not in same]
    if changed:
        drop_rows(rows.c.id.in_(changed))
    return [file for path, file in files.items() if path not in same]


def _same(row: Any, file: File) -> bool:
    return (row.size, row.sha256, row.mode) == (file.size, file.sha256, file.mode)


def _blobs_for(
    job: Any, files: Sequence[File], store: str, key_of: Callable[[File], str], now: int
) -> dict[str, int]:
    """digest -> id of the blob that these files refer to."""
    digests = {file.sha256 for file in files}
    found = {blob.sha256: blob for blob in missing_blobs(job, digests)}
    found |= whole_blobs(digests)
    first: dict[str, File] = {}
    for file in files:
        same = found.get(file.sha256) or first.setdefault(file.sha256, file)
        if same.size != file.size:
            raise IntakeRefused(f"{file.path!r} has the digest of a file of another size.")
    ids = {digest: blob.id for digest, blob in found.items()}
    return ids | _new_blobs([f for d, f in first.items() if d not in ids], store, key_of, now)


def _new_blobs(
    files: Sequence[File], store: str, key_of: Callable[[File], str], now: int
) -> dict[str, int]:
    keys = {file.sha256: key_of(file) for file in files}
    table = Blob.__table__
    taken = set(db.session.scalars(select(table.c.key).where(table.c.key.in_(keys.values()))))
    rows = []
    for file in files:
        key = keys[file.sha256]
        if key in taken:  # an earlier attempt's, still there or on its way out
            key = f"{key}~{secrets.token_hex(4)}"
        taken.add(key)
        row = {"sha256": file.sha256, "size": file.size, "store": store, "key": key}
        rows.append({**row, "state": COMING, "created_at": now})
    if not rows:
        return {}
    query = insert(table).returning(table.c.sha256, table.c.id)
    return {row.sha256: row.id for row in db.session.execute(query, rows)}


def _drop_missing(job: Any) -> None:
    not_whole = select(Blob.id).where(Blob.state != WHOLE)
    mine = (Artifact.job_id == job.id, Artifact.attempt == job.attempt)
    drop_rows(*mine, Artifact.blob_id.in_(not_whole))
