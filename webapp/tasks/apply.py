"""Carry out what was decided: each action in one guarded transaction, which may find that the
world has moved on and do nothing."""

from collections import defaultdict
from collections.abc import Iterable

from webapp.engine.plan.actions import Action, Booted, Drain, Hold, Launch, Terminate, Undrain
from webapp.extensions import db
from webapp.models.catalogue import offering
from webapp.models.event import SCHEDULER
from webapp.models.holding import hold_jobs
from webapp.models.instance import Instance
from webapp.models.instance_moves import (
    drain_instance,
    end_instance,
    instance_booted,
    keep_instance,
)
from webapp.models.limit_trouble import blame_boot, blame_zone, praise
from webapp.models.reservation import Wanted, reserve_slot
from webapp.models.transaction import writing


def apply(actions: Iterable[Action], now: int) -> int:
    """How many had an effect."""
    holds: dict[str, list[str]] = defaultdict(list)
    done = 0
    for action in actions:
        if isinstance(action, Hold):
            holds[action.why].append(action.job_id)
        else:
            with writing():
                done += _apply(action, now)
    if holds:
        with writing():
            done += sum(hold_jobs(ids, why, now) for why, ids in holds.items())
    return done


def _apply(action: Launch | Drain | Undrain | Terminate | Booted, now: int) -> bool:
    match action:
        case Launch(job_id, limit_id, _, container, why):
            wanted = Wanted(limit_id, job_id, container, why)
            return reserve_slot(SCHEDULER, wanted, now) is not None
        case Drain(instance_id, cause, why):
            return drain_instance(SCHEDULER, instance_id, cause, why, now)
        case Undrain(instance_id, why):
            return keep_instance(instance_id, why, now)
        case Terminate():
            return _terminate(action, now)
        case Booted(instance_id, why):
            booted = instance_booted(instance_id, why, now)
            if booted:
                praise(db.session.get_one(Instance, instance_id).limit_id, now)
            return booted


def _terminate(action: Terminate, now: int) -> bool:
    if not end_instance(action.instance_id, action.cause, action.why, now):
        return False
    instance = db.session.get_one(Instance, action.instance_id)
    if action.cause == "boot":
        blame_boot(instance.limit_id, action.why, now)
    elif action.cause in ("capacity", "price") or _never_had(instance, action.cause):
        zones = zones_of(instance)
        blame_zone(instance.limit_id, "capacity", action.why, now, instance.zone, zones)
    return True


def _never_had(instance: Instance, cause: str) -> bool:
    """Whether EC2 took a machine back before it could do anything."""
    return cause == "interruption" and instance.booted_at is None


def zones_of(instance: Instance) -> set[str]:
    """Zones in which a machine of this kind could be tried."""
    found = offering(instance.region, instance.instance_type)
    return set(found.zones) if found else set()
