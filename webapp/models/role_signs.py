"""What our books show of the role for spot machines: requests that EC2 took or refused."""

from sqlalchemy import func, select

from webapp.engine.snapshot import SPOT
from webapp.extensions import db
from webapp.models.event import Event
from webapp.models.instance import Instance
from webapp.models.limit import Limit


def last_request_taken() -> int | None:
    """When EC2 last took a spot request of ours, with the keys that are set now."""
    keys_set = select(func.max(Event.at)).where(Event.what == "AWS keys set")
    since = db.session.scalar(keys_set) or 0
    taken = select(func.max(Instance.requested_at))
    taken = taken.where(Instance.purchase_type == SPOT, Instance.request_id.is_not(None))
    return db.session.scalar(taken.where(Instance.requested_at >= since))


def last_refusal(code: str) -> int | None:
    """When a limit last met this error, if it has not got over it."""
    query = select(func.max(Limit.trouble_at)).where(Limit.trouble_message.contains(code))
    return db.session.scalar(query.where(Limit.trouble_kind.is_not(None)))
