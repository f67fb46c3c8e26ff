"""Has anything happened? Every change of state leaves an event, so its newest id tells cheaply."""

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models.event import Event


def newest_event(**about: object) -> int:
    """Id of the newest event (about a row, e.g. `runner_id=…`); 0 when there is none."""
    query = select(func.max(Event.id)).filter_by(**about)
    return db.session.scalar(query) or 0


def runners_touched(since: int) -> set[str]:
    """Ids of runners that something happened to after that event."""
    query = select(Event.runner_id).where(Event.id > since, Event.runner_id.is_not(None))
    return set(db.session.scalars(query.distinct()))
