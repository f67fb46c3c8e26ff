"""Seal every secret anew with the newest encryption key."""

from collections.abc import Iterator

from flask import current_app
from sqlalchemy import Column, Table, Text, select, type_coerce, update

from webapp.extensions import db
from webapp.models.columns import Sealed
from webapp.models.event import Who, record
from webapp.models.installation import Installation
from webapp.models.transaction import require_writing


def reseal_everything(who: Who, now: int) -> int:
    """How many secrets are under the newest key now; all of them or, after an error, none."""
    require_writing()
    count = sum(_reseal(table, column) for table, column in _sealed_columns())
    record(who, "encryption key rotated", f"{count} secrets sealed anew", now)
    return count


def _sealed_columns() -> Iterator[tuple[Table, Column]]:
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Sealed):
                yield table, column
    installation = Installation.__table__
    yield installation, installation.c.sealed_digest_key


def _reseal(table: Table, column: Column) -> int:
    reseal = current_app.extensions["keyring"].reseal
    key = tuple(table.primary_key.columns)
    stored = type_coerce(column, Text)  # as it is in the database, not opened
    rows = db.session.execute(select(stored, *key).where(column.is_not(None))).all()
    for sealed, *identity in rows:
        row = [part == value for part, value in zip(key, identity, strict=True)]
        values = {column.name: type_coerce(reseal(sealed), Text)}
        db.session.execute(update(table).where(*row).values(values))
    return len(rows)
