"""Ask EC2 for the machines whose slots are reserved.

The row is first, then the call is frozen on it, then the call is made outside of any transaction,
then its answer is stored. Wherever this process dies, the next one repeats the same call.
"""

import logging

from flask import current_app

from webapp.clock import now as clock_now
from webapp.cloud.errors import CloudError
from webapp.cloud.interface import Answer, Cloud, Order
from webapp.cloud.userdata import Settings, user_data
from webapp.extensions import db
from webapp.models.aws_account import AwsAccount, aws_account
from webapp.models.instance import Instance
from webapp.models.instance_moves import end_instance, instance_found, instance_over
from webapp.models.launch_calls import begin_call, call_unclear, freeze, launches_due
from webapp.models.limit import Limit
from webapp.models.limit_trouble import blame, blame_zone
from webapp.models.region import keep_ground
from webapp.models.repo import needs_repository
from webapp.models.reservation import new_bootstrap_token
from webapp.models.transaction import writing
from webapp.public_url import public_url
from webapp.tasks.apply import zones_of
from webapp.tasks.cloud_access import the_cloud
from webapp.tasks.ground import choose_zone, ground_of, image_for

log = logging.getLogger(__name__)


def launch(now: int) -> int:
    """How many calls were made."""
    due = launches_due(now)
    cloud = the_cloud() if due else None
    return sum(_launch(cloud, instance_id) for instance_id in due) if cloud else 0


def _launch(cloud: Cloud, instance_id: str) -> bool:
    instance = db.session.get_one(Instance, instance_id)
    if instance.parameters is None and not _prepare(cloud, instance):
        return False
    with writing():
        begun = begin_call(instance_id, clock_now())
    if begun is None:
        return False
    order = Order(token=begun.id, user_data=begun.user_data, **_call(begun))
    region, tries = begun.region, begun.tries
    db.session.commit()  # nothing of the database is held while EC2 thinks
    try:
        answer = cloud.launch(region, order)
    except CloudError as error:
        log.warning("launch of %s in %s: %s", instance_id, region, error)
        _refused(instance_id, error, first=tries == 1)
        return True
    _accepted(instance_id, answer)
    return True


def _call(instance: Instance) -> dict:
    return {name: value for name, value in instance.parameters.items() if name != "zone"}


def _prepare(cloud: Cloud, instance: Instance) -> bool:
    """Freeze the call; whether it is frozen. Nothing has been asked of EC2 for this row yet."""
    try:
        parameters, price = _parameters(cloud, instance, clock_now())
    except CloudError as error:
        if error.definite:
            with writing():
                _blame(instance.id, error)
                instance_over(instance.id, f"It was never asked for: {error}", "", clock_now())
        else:
            with writing():
                call_unclear(instance.id, error.kind, str(error), clock_now())
        return False
    token = new_bootstrap_token()
    git = needs_repository(instance.job_id)
    minutes = current_app.extensions["settings"].deadman_minutes
    settings = Settings(public_url(), token, minutes, instance.container, git)
    with writing():
        freeze(instance.id, parameters, user_data(settings), token, price)
    return True


def _parameters(cloud: Cloud, instance: Instance, now: int) -> tuple[dict, float | None]:
    account = aws_account()
    limit = db.session.get(Limit, instance.limit_id) if instance.limit_id else None
    ground = ground_of(cloud, instance.region, now)
    arch = instance.runner.arch or "x86_64"
    image = image_for(cloud, limit, arch, bool(instance.gpus), instance.region, now)
    zone, price = choose_zone(instance, limit, ground["subnets"], now)
    return {
        "purchase_type": instance.purchase_type,
        "instance_type": instance.instance_type,
        "image_id": image.id,
        "root_device": image.root_device,
        "group_id": ground["group_id"],
        "subnet_id": ground["subnets"][zone],
        "valid_until": instance.valid_until,
        "maximum_price": _maximum_price(account, instance),
        "volume_gib": limit.volume_gib if limit else None,
        "encrypted": limit.encrypted if limit else None,
        "zone": zone,
    }, price


def _maximum_price(account: AwsAccount | None, instance: Instance) -> float | None:
    return account.maximum_price if account and instance.purchase_type == "spot" else None


def _accepted(instance_id: str, answer: Answer) -> None:
    facts = {"request_id": answer.request_id, "ec2_id": answer.machine_id}
    if answer.zone:
        facts["zone"] = answer.zone
    with writing():
        why = f"EC2 took the request: {answer.request_id or answer.machine_id}."
        found = {name: value for name, value in facts.items() if value}
        instance_found(instance_id, {**found, "launch_error": None}, why, clock_now())


def _refused(instance_id: str, error: CloudError, first: bool) -> None:
    """EC2 said no, or nothing.

    A no to the first call ends the row: EC2 itself says that there is no machine. A no to a
    repeated one says nothing about the calls before it, and books that were restored from a backup
    do not know of their calls: such a row leaves through the front door, it is terminating until
    EC2 has had time to list what there might be.
    """
    now = clock_now()
    with writing():
        if not error.definite:
            call_unclear(instance_id, error.kind, str(error), now)
            return
        _blame(instance_id, error)
        if first and not error.asked_before:
            instance_over(instance_id, f"EC2 refused the launch: {error}", "", now)
        else:
            why = f"EC2 refused a repeated launch: {error}"
            end_instance(instance_id, "refused", why, now)


def _blame(instance_id: str, error: CloudError) -> None:
    instance = db.session.get_one(Instance, instance_id)
    now = clock_now()
    if error.kind == "gone":
        keep_ground(instance.region, None, now)
    if error.kind == "capacity":
        zone, zones = instance.zone, zones_of(instance)
        blame_zone(instance.limit_id, error.kind, str(error), now, zone, zones)
    else:
        blame(instance.limit_id, error.kind, str(error), now)
