"""The call to EC2 that makes a machine, as the books see it: frozen, begun, answered, refused."""

from typing import Any

from sqlalchemy import or_, select, update

from webapp.engine.backoff import LONGEST_MS, next_try
from webapp.engine.states import Instance as Status
from webapp.extensions import db
from webapp.models.due import due
from webapp.models.event import SCHEDULER, record
from webapp.models.installation import digest
from webapp.models.instance import Instance
from webapp.models.transaction import require_writing

CALL_SECONDS = 30  # longer than a call can last: connecting and reading have time limits


def launches_due(now: int, most: int = 20) -> list[str]:
    """Ids of pending rows whose call may be made now, the oldest first."""
    query = select(Instance.id).where(Instance.status == Status.PENDING, _due(now))
    return list(db.session.scalars(query.order_by(Instance.created_at, Instance.id).limit(most)))


def freeze(
    instance_id: str, parameters: dict[str, Any], user_data: str, token: str, price: float | None
) -> bool:
    """Write down the call before it is made for the first time; never changed afterwards."""
    require_writing()
    query = update(Instance.__table__).where(
        Instance.id == instance_id,
        Instance.status == Status.PENDING,
        Instance.parameters.is_(None),
    )
    values = {
        "parameters": parameters,
        "user_data": user_data,
        "bootstrap_digest": digest(token),
        "zone": parameters["zone"],
        "price": price,
    }
    return db.session.execute(query.values(**values)).rowcount == 1


def begin_call(instance_id: str, now: int) -> Instance | None:
    """Note that a call is under way; None when somebody else makes it or it is not due.

    From here on EC2 may know the machine, whatever becomes of this process.
    """
    require_writing()
    query = update(Instance.__table__).where(
        Instance.id == instance_id,
        Instance.status == Status.PENDING,
        Instance.parameters.is_not(None),
        _due(now),
    )
    values = {
        "tries": Instance.tries + 1,
        "called_at": now,
        "next_try_at": now + CALL_SECONDS * 1000,
    }
    if db.session.execute(query.values(**values)).rowcount == 0:
        return None
    return db.session.get(Instance, instance_id, populate_existing=True)


def call_unclear(instance_id: str, kind: str, sentence: str, now: int) -> None:
    """The call may or may not have had its effect: it is repeated, the same."""
    require_writing()
    instance = db.session.get(Instance, instance_id, populate_existing=True)
    until = next_try(kind, max(1, instance.tries), now)
    query = update(Instance.__table__).where(
        Instance.id == instance_id, Instance.status == Status.PENDING
    )
    db.session.execute(query.values(next_try_at=until, launch_error=sentence))
    about = {"instance_id": instance_id, "runner_id": instance.runner_id}
    record(SCHEDULER, "launch repeated", sentence, now, limit_id=instance.limit_id, **about)


def _due(now: int) -> Any:
    at = Instance.next_try_at
    return or_(at.is_(None), due(at, now, LONGEST_MS))
