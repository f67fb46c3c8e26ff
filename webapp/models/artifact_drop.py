"""Artifacts go: rows first, then what nothing refers to any more."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, exists, or_, select, update

from webapp.extensions import db
from webapp.models.artifact import Artifact
from webapp.models.blob import CHUNK, GOING, Blob
from webapp.models.job import Attempt
from webapp.models.transaction import announce, require_writing

_MOST_ATTEMPTS = 200


def drop_artifacts(job_ids: Sequence[str]) -> None:
    """All artifacts of these jobs, of whatever attempt."""
    require_writing()
    for start in range(0, len(job_ids), CHUNK):
        these = job_ids[start : start + CHUNK]
        drop_rows(Artifact.job_id.in_(these))
        told = or_(Attempt.artifacts_at.is_not(None), Attempt.artifacts_trouble.is_not(None))
        attempts = update(Attempt.__table__).where(Attempt.job_id.in_(these), told)
        db.session.execute(attempts.values(artifacts_at=None, artifacts_trouble=None))


def drop_rows(*which: Any) -> None:
    """These artifacts; contents that were only theirs go too."""
    blobs = set(db.session.scalars(select(Artifact.blob_id).where(*which).distinct()))
    db.session.execute(delete(Artifact.__table__).where(*which))
    let_go(blobs)


def drop_unfinished(before: int) -> int:
    """What attempts began to send that ended before that instant without being done with it,
    because their runner was lost; of how many attempts."""
    require_writing()
    table = Attempt.__table__
    sent = exists().where(Artifact.job_id == table.c.job_id, Artifact.attempt == table.c.number)
    over = (table.c.finished_at < before, table.c.artifacts_at.is_(None))
    query = select(table.c.job_id, table.c.number).where(*over, sent).limit(_MOST_ATTEMPTS)
    attempts = db.session.execute(query).all()
    for job_id, number in attempts:
        drop_rows(Artifact.job_id == job_id, Artifact.attempt == number)
    return len(attempts)


def let_go(blob_ids: Collection[int]) -> None:
    """Mark those of them that no artifact refers to any more; the sweep deletes them."""
    ordered, table = sorted(blob_ids), Blob.__table__
    for start in range(0, len(ordered), CHUNK):
        these = table.c.id.in_(ordered[start : start + CHUNK])
        # Locked first and asked then: who was about to refer to one of them has done so by now.
        db.session.execute(
            select(table.c.id).where(these).order_by(table.c.id).with_for_update()
        ).all()
        unused = ~exists().where(Artifact.blob_id == table.c.id)
        db.session.execute(update(table).where(these, unused).values(state=GOING))
    if ordered:
        announce("blobs")
