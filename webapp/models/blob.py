"""Contents of artifacts: what is the same is stored once.

A content that nothing refers to any more is first `going`: from then on nobody can refer to it.
Only then it is deleted; who brings the same content meanwhile makes a blob of its own, elsewhere.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Index, delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import db
from webapp.models.columns import Moment, Name, Sentence, Size, Status
from webapp.models.transaction import require_writing

COMING, WHOLE, GOING = "coming", "whole", "going"
CHUNK = 500  # values in one query


class Blob(db.Model):
    """`store` and `key` say where it is: the key of its first place. `upload` is S3's name of an
    upload in parts. Only what is `whole` was checked against its digest."""

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    size: Mapped[Size]
    store: Mapped[Name]
    key: Mapped[Sentence] = mapped_column(unique=True)
    state: Mapped[Status]
    upload: Mapped[Sentence | None]
    created_at: Mapped[Moment]

    __table_args__ = (
        Index(
            "ix_blob_whole",
            "sha256",
            unique=True,
            sqlite_where=text("state = 'whole'"),
            postgresql_where=text("state = 'whole'"),
        ),
        Index("ix_blob_state", "state"),
    )


def whole_blobs(digests: Collection[str]) -> dict[str, Any]:
    """digest -> its whole blob, locked: it does not go before this transaction has ended."""
    require_writing()
    ordered, table = sorted(digests), Blob.__table__
    found = {}
    for start in range(0, len(ordered), CHUNK):
        query = select(table).where(table.c.sha256.in_(ordered[start : start + CHUNK]))
        query = query.where(table.c.state == WHOLE).order_by(table.c.id).with_for_update()
        found.update({row.sha256: row for row in db.session.execute(query)})
    return found


def going_blobs(most: int) -> list[Any]:
    """What may be deleted: nothing will ever refer to it again."""
    table = Blob.__table__
    query = select(table).where(table.c.state == GOING).order_by(table.c.id).limit(most)
    return list(db.session.execute(query))


def forget_blobs(blob_ids: Collection[int]) -> None:
    """Their contents are deleted."""
    require_writing()
    rows = Blob.__table__
    db.session.execute(delete(rows).where(rows.c.id.in_(blob_ids), rows.c.state == GOING))
