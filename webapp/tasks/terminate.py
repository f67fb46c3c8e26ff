"""Tell EC2 to end what is on its way out, until EC2 confirms; for ever, with back-off.

A request is cancelled before its machine is terminated: an open one could be filled in between.
That nothing is left is not decided here but by what EC2 lists (tasks/observe.py).
"""

import logging
from collections.abc import Callable

from sqlalchemy import select

from webapp.clock import now as clock_now
from webapp.cloud.errors import CloudError
from webapp.cloud.interface import Cloud
from webapp.engine.backoff import LONGEST_TERMINATE_MS, terminate_again
from webapp.extensions import db
from webapp.models.due import due
from webapp.models.instance import Instance
from webapp.models.instance_moves import instance_over
from webapp.models.stranger import Stranger, stranger_tried
from webapp.models.terminate_calls import termination_tried, terminations_due
from webapp.models.transaction import writing
from webapp.tasks.cloud_access import the_cloud

log = logging.getLogger(__name__)


def terminate(now: int) -> int:
    """How many were tried."""
    due, strangers = terminations_due(now), _strangers_due(now)
    cloud = the_cloud() if due or strangers else None
    for instance in due:
        _end(cloud, instance)
    for stranger in strangers if cloud else ():
        _end_stranger(cloud, stranger)
    return len(due) + len(strangers)


def _end(cloud: Cloud | None, instance: Instance) -> None:
    if instance.called_at is None:
        with writing():
            instance_over(instance.id, "EC2 was never asked for it.", "", clock_now())
        return
    if cloud is None:
        return
    instance_id, region = instance.id, instance.region
    request_id, machine_id = instance.request_id, instance.ec2_id
    db.session.commit()
    error = None
    if request_id:
        error = _tried(cloud.cancel, region, request_id)
    if machine_id:
        error = _tried(cloud.terminate, region, machine_id) or error
    with writing():
        termination_tried(instance_id, error, clock_now())


def _strangers_due(now: int) -> list[Stranger]:
    asked = (Stranger.end_asked_at.is_not(None), Stranger.gone_at.is_(None))
    when = due(Stranger.next_try_at, now, LONGEST_TERMINATE_MS)
    return list(db.session.scalars(select(Stranger).where(*asked, when)))


def _end_stranger(cloud: Cloud, stranger: Stranger) -> None:
    call = cloud.terminate if stranger.kind == "machine" else cloud.cancel
    error = _tried(call, stranger.region, stranger.id)
    with writing():
        now = clock_now()
        stranger_tried(stranger, error, terminate_again(stranger.tries, now))


def _tried(call: Callable[[str, str], None], region: str, ec2_id: str) -> str | None:
    """What EC2 said against it. "Not found" is no confirmation, and no complaint either."""
    try:
        call(region, ec2_id)
    except CloudError as error:
        log.warning("ending %s in %s: %s", ec2_id, region, error)
        return None if error.kind == "gone" else str(error)
    return None
