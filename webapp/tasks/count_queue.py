"""Let PostgreSQL know how long the queue is when that has changed much.

It looks at its tables by itself once a minute. Until then it takes ten thousand waiting jobs for
one, and reads all of them for every poll.
"""

from flask import current_app
from sqlalchemy import func, select, text

from webapp.extensions import db
from webapp.models.job import Job
from webapp.models.queue import WAITS
from webapp.models.transaction import execute, writing

_COUNT = select(func.count()).select_from(Job.__table__).where(*WAITS)
_MUCH = 500  # jobs; with fewer it makes no difference
_KNOWN = "queue as PostgreSQL knows it"


def count_queue(now: int) -> int:
    """How many waiting jobs it was told of; 0 when it knows well enough."""
    if db.engine.dialect.name != "postgresql":
        return 0
    known, waiting = current_app.extensions.get(_KNOWN, 0), execute(_COUNT).scalar_one()
    if known / 2 - _MUCH <= waiting <= known * 2 + _MUCH:
        return 0
    with writing():
        execute(text("ANALYZE job"))
    current_app.extensions[_KNOWN] = waiting
    return int(waiting)
