"""Which archives runs still need."""

from sqlalchemy import select

from webapp.extensions import db
from webapp.models.run import Run


def archives_needed() -> set[str]:
    """Their digests: a run that is there can be started again."""
    query = select(Run.archive).where(Run.archive.is_not(None)).distinct()
    return {digest for digest in db.session.scalars(query) if digest}
