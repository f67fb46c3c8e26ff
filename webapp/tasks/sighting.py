"""What EC2 showed, written into the books; called inside one transaction each."""

from webapp.engine.plan.seen import Found, Missing, Over, Sighting, Stranger, TakenBack
from webapp.engine.states import Instance as Status
from webapp.extensions import db
from webapp.models.instance import Instance
from webapp.models.instance_moves import (
    instance_found,
    instance_interrupted,
    instance_missing,
    instance_over,
    instance_running,
)
from webapp.models.limit_trouble import blame, blame_boot, blame_zone
from webapp.models.stranger import see_stranger
from webapp.tasks.apply import zones_of

# Status codes of a request that ended without a machine, and what kind of trouble that is.
_KINDS = {"bad-parameters": "bad_request", "limit-exceeded": "quota", "system-error": "unknown"}


def apply_sighting(sighting: Sighting, region: str, now: int) -> None:
    """Write one of them down."""
    match sighting:
        case Found():
            _found(sighting, now)
        case Over():
            _over(sighting, now)
        case TakenBack(instance_id, why):
            instance_interrupted(instance_id, why, now)
        case Missing(instance_id, since, _):
            instance_missing(instance_id, since)
        case Stranger():
            see_stranger(sighting, region, now)


def _found(found: Found, now: int) -> None:
    facts = {
        "request_id": found.request_id,
        "ec2_id": found.machine_id,
        "zone": found.zone,
        "holding": found.holding,
    }
    facts = {name: value for name, value in facts.items() if value or name == "holding"}
    instance_found(found.instance_id, facts, found.why, now)
    if found.running:
        instance_running(found.instance_id, found.why, now)


def _over(over: Over, now: int) -> None:
    before = db.session.get_one(Instance, over.instance_id, populate_existing=True)
    ended_by_us = before.status == Status.TERMINATING
    if over.interrupted and not ended_by_us:  # nobody heard a notice: its jobs are not to blame
        instance_interrupted(over.instance_id, "EC2 took the machine back without notice.", now)
    instance = instance_over(over.instance_id, over.why, over.aws_reason, now)
    if instance is None or ended_by_us or instance.booted_at is not None:
        return
    words = f"{over.why} {over.aws_reason}".strip()
    taken_back = over.interrupted or instance.interruption_at is not None
    if instance.ec2_id and not taken_back:  # it is no failed boot when EC2 did not let it boot
        blame_boot(instance.limit_id, words, now)
        return
    kind = "capacity" if taken_back else _KINDS.get(over.aws_reason.partition(":")[0], "capacity")
    if kind == "capacity":
        blame_zone(instance.limit_id, kind, words, now, instance.zone, zones_of(instance))
    else:
        blame(instance.limit_id, kind, words, now)
