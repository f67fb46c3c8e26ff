"""Look at EC2, region by region, and bring the books in line: both ways.

Every 2 s where something is on its way in or out, every 10 s where something lives, every 5 min in
every other region that was ever used; after an error with back-off. Two calls a look, pages aside;
a third one only for machines that their group no longer shows.
"""

import logging
from typing import Any

from sqlalchemy import select

from webapp.clock import now as clock_now
from webapp.cloud.errors import CloudError
from webapp.cloud.interface import Cloud
from webapp.engine.plan.seen import (
    Booked,
    Past,
    Seen,
)
from webapp.engine.plan.sightings import compare
from webapp.engine.states import HEARD_RUNNER
from webapp.engine.states import Instance as Status
from webapp.extensions import db
from webapp.models.instance import Instance
from webapp.models.region import LONGEST_PAUSE_MS, Region, not_observed, observed, regions_used
from webapp.models.runner import Runner
from webapp.models.stranger import Stranger, strangers_gone
from webapp.models.transaction import writing
from webapp.tasks.cloud_access import group_name, the_cloud
from webapp.tasks.sighting import apply_sighting

log = logging.getLogger(__name__)

MOVING_SECONDS = 2
LIVING_SECONDS = 10
SWEEP_SECONDS = 300
REMEMBERED_MS = 25 * 3600 * 1000  # EC2 deletes spot requests four hours after they ended

_MOVING = frozenset({Status.PENDING, Status.REQUESTED, Status.TERMINATING})


def observe(now: int) -> int:
    """How many regions were looked at."""
    due = _due(now)
    cloud = the_cloud() if due else None
    if cloud is None:
        return 0
    for region in due:
        _observe(cloud, region)
    return len(due)


def _due(now: int) -> list[str]:
    columns = (Instance.region, Instance.status, Instance.called_at, Instance.ec2_id)
    rows = db.session.execute(select(*columns).where(Instance.status != Status.TERMINATED)).all()
    asked = [row for row in rows if row.called_at is not None]
    # An agent may call in before EC2 has told which machine it is on.
    moving = {row.region for row in asked if row.status in _MOVING or row.ec2_id is None}
    living = {row.region for row in asked}
    ending = select(Stranger.region).where(
        Stranger.end_asked_at.is_not(None), Stranger.gone_at.is_(None)
    )
    living.update(db.session.scalars(ending))
    return [each.name for each in regions_used() if _is_due(each, moving, living, now)]


def _is_due(region: Region, moving: set[str], living: set[str], now: int) -> bool:
    # Moments that lie too far ahead: a look that began before the clock was set back wrote them.
    if region.next_try_at is not None:
        return not now < region.next_try_at <= now + LONGEST_PAUSE_MS
    if region.tried_at is None or region.tried_at > now:
        return True
    seconds = LIVING_SECONDS if region.name in living else SWEEP_SECONDS
    seconds = MOVING_SECONDS if region.name in moving else seconds
    return now - region.tried_at >= seconds * 1000


def _observe(cloud: Cloud, region: str) -> None:
    now = clock_now()
    try:
        seen = _listed(cloud, region)
    except CloudError as error:
        log.warning("looking at %s: %s", region, error)
        with writing():
            not_observed(region, error.kind, str(error), now)
        return
    # The books are read after EC2: a machine booked in between is in them.
    rows, past = _booked(region), _past(region, now)
    for sighting in compare(rows, past, seen, now):
        with writing():
            apply_sighting(sighting, region, now)
    with writing():
        strangers_gone(region, _alive(seen), now)
        observed(region, now)


def _listed(cloud: Cloud, region: str) -> Seen:
    row = db.session.get(Region, region)
    group_id = row.ground["group_id"] if row and row.ground else cloud.group(region, group_name())
    ids = _known_machines(region)
    db.session.commit()
    machines = cloud.machines(region, group_id) if group_id else []
    requests = cloud.requests(region, group_id) if group_id else []
    # A terminated machine has left its group: those that we know are asked for by name.
    missing = ids - {each.id for each in machines}
    missing |= {each.machine_id for each in requests if each.machine_id and each.state != "closed"}
    missing -= {each.id for each in machines}
    machines += cloud.machines_by_id(region, sorted(missing))
    return Seen(tuple(machines), tuple(requests))


def _known_machines(region: str) -> set[str]:
    query = select(Instance.ec2_id).where(
        Instance.region == region,
        Instance.status != Status.TERMINATED,
        Instance.ec2_id.is_not(None),
    )
    return set(db.session.scalars(query))


def _booked(region: str) -> list[Booked]:
    query = select(Instance, Runner.status).join(Runner, Runner.id == Instance.runner_id)
    query = query.where(Instance.region == region, Instance.status != Status.TERMINATED)
    rows = db.session.execute(query.order_by(Instance.created_at, Instance.id))
    return [_row(instance, status) for instance, status in rows]


def _row(each: Any, runner_status: str) -> Booked:
    return Booked(
        id=each.id,
        status=Status(each.status),
        instance_type=each.instance_type,
        valid_until=each.valid_until if each.purchase_type == "spot" else None,
        request_id=each.request_id,
        machine_id=each.ec2_id,
        called_at=each.called_at,
        missing_since=each.missing_since,
        holding=each.holding,
        zone=each.zone,
        heard=runner_status in HEARD_RUNNER,
        interrupted=each.interruption_at is not None,
    )


def _past(region: str, now: int) -> Past:
    columns = (Instance.id, Instance.request_id, Instance.ec2_id, Instance.valid_until)
    query = select(*columns).where(
        Instance.region == region,
        Instance.status == Status.TERMINATED,
        Instance.terminated_at > now - REMEMBERED_MS,
    )
    rows = db.session.execute(query).all()
    ids = frozenset(each for row in rows for each in row[:3] if each)
    return Past(ids, frozenset(row.valid_until for row in rows))


def _alive(seen: Seen) -> set[str]:
    machines = {each.id for each in seen.machines if each.state != "terminated"}
    return machines | {each.id for each in seen.requests if each.state in ("open", "active")}
