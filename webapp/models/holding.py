"""The sentence on each waiting job."""

from sqlalchemy import ColumnElement, insert, select, update

from webapp.extensions import db
from webapp.models.event import SCHEDULER, Event
from webapp.models.job import Job
from webapp.models.queue import WAITS
from webapp.models.transaction import require_writing

_CHUNK = 500
EVENTS_AT_MOST = 200  # for one sentence: ten thousand jobs may wait for the same thing


def hold_jobs(ids: list[str], sentence: str, now: int) -> int:
    """Write the sentence on these jobs, as far as they still wait; how many."""
    require_writing()
    held = 0
    for start in range(0, len(ids), _CHUNK):
        # A runner that claims goes through the jobs in another order: whoever waited for it here
        # could make both wait for ever. What is being claimed needs no sentence. SQLite has one
        # writer and knows no such lock.
        free = select(Job.id).where(*_waiting(ids[start : start + _CHUNK]))
        free = free.with_for_update(key_share=True, skip_locked=True)
        query = update(Job.__table__).where(Job.id.in_(free)).values(waiting=sentence)
        held += db.session.execute(query).rowcount
    _tell(ids[:EVENTS_AT_MOST], sentence, now)
    return held


def _waiting(ids: list[str]) -> tuple[ColumnElement[bool], ...]:
    # What waits for other jobs of its run says so by itself.
    return (Job.id.in_(ids), *WAITS)


def _tell(ids: list[str], sentence: str, now: int) -> None:
    query = select(Job.id, Job.run_id).where(*_waiting(ids), Job.waiting == sentence)
    common = {
        "at": now,
        "actor": SCHEDULER.actor,
        "who": SCHEDULER.name,
        "what": "job held",
        "why": sentence,
    }
    rows = [{**common, "job_id": row.id, "run_id": row.run_id} for row in db.session.execute(query)]
    if rows:
        db.session.execute(insert(Event.__table__), rows)
