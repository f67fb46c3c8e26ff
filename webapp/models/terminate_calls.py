"""Calls that end machines, repeated until EC2 confirms."""

from sqlalchemy import or_, select

from webapp.engine.backoff import LONGEST_TERMINATE_MS, terminate_again
from webapp.engine.states import Instance as Status
from webapp.extensions import db
from webapp.models.due import due
from webapp.models.event import SCHEDULER, record
from webapp.models.instance import Instance, lock_instance
from webapp.models.transaction import require_writing


def terminations_due(now: int, most: int = 50) -> list[Instance]:
    """Rows on their way out whose call is to be made or repeated."""
    at = Instance.terminate_next_at
    when = or_(at.is_(None), due(at, now, LONGEST_TERMINATE_MS))
    query = select(Instance).where(Instance.status == Status.TERMINATING, when)
    order = (Instance.terminate_next_at, Instance.id)
    return list(db.session.scalars(query.order_by(*order).limit(most)))


def termination_tried(instance_id: str, error: str | None, now: int) -> None:
    """A call was made; what EC2 said to it, if it refused."""
    require_writing()
    instance = lock_instance(instance_id)
    if instance.status != Status.TERMINATING:
        return
    if error and error != instance.terminate_error:
        about = {"instance_id": instance.id, "runner_id": instance.runner_id}
        record(SCHEDULER, "terminate refused", error, now, limit_id=instance.limit_id, **about)
    instance.terminate_error = error
    instance.terminate_next_at = terminate_again(instance.terminate_tries, now)
    instance.terminate_tries += 1
    db.session.flush()
