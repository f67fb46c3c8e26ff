"""The two calls that make something: checked in the order in which EC2 checks them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.simulation.aws import answers
from tests.simulation.aws.faults import refused
from tests.simulation.aws.region import TYPES
from tests.simulation.aws.things import Look, Thing

if TYPE_CHECKING:
    from tests.simulation.aws.client import Client

USER_DATA_LIMIT = 16 * 1024


def launched(client: "Client", operation: str, purchase: str, asked: dict[str, Any]) -> Any:
    """The answer of EC2; the same ClientToken makes nothing twice."""
    region, token = client.region, asked.get("ClientToken", "")
    known = region.by_token.get(token) if token else None
    if known is None:
        thing = _new(client, operation, purchase, asked)
        region.by_token[token or thing.id] = (asked, thing.id)
        client.aws.life.ordered(region, thing)
    elif known[0] != asked:
        client.aws.world.judge.mismatch(token)
        raise refused(operation, "IdempotentParameterMismatch")
    thing = region.things[region.by_token[token][1]] if token else thing
    if purchase == "spot":
        return {"SpotInstanceRequests": [answers.request(thing, thing.now)]}
    return {"Instances": [answers.machine(thing, thing.now)]}


def _new(client: "Client", operation: str, purchase: str, asked: dict[str, Any]) -> Thing:
    region, now = client.region, client.now
    launch = asked["LaunchSpecification"] if purchase == "spot" else asked
    group_id = launch["SecurityGroupIds"][0]
    instance_type = launch["InstanceType"]
    made_at = {i: at for i, at in region.groups.values()}.get(group_id)
    if made_at is None or made_at > now - client._lag("launch group", now):
        raise refused(operation, "InvalidGroup.NotFound")
    if len(launch["UserData"]) > USER_DATA_LIMIT * 4 / 3:
        raise refused(operation, "InvalidUserData.Malformed")
    until = _moment(asked["ValidUntil"]) if purchase == "spot" else None
    if until is not None and until <= now:
        raise refused(operation, "InvalidParameterValue", "ValidUntil is in the past")
    zone = launch["SubnetId"].removeprefix("subnet-")
    if purchase == "spot" and region.vcpus() + TYPES[instance_type][0] > region.quota:
        raise refused(operation, "MaxSpotInstanceCountExceeded")
    if purchase != "spot" and not region.has_room(zone, instance_type):
        raise refused(operation, "InsufficientInstanceCapacity")
    client.aws.world.judge.ordered_well(operation, asked)
    spot = purchase == "spot"
    state, code = ("open", "pending-evaluation") if spot else ("pending", "")
    return Thing(
        client.aws.life.new_id("sir" if spot else "i"),
        "request" if spot else "machine",
        region.name,
        group_id,
        instance_type,
        purchase,
        asked.get("ClientToken", ""),
        now,
        [Look(now, state, code, "Your request is pending evaluation." if spot else "")],
        zone=zone,
        valid_until=until,
        user_data=answers.decoded(launch["UserData"]) if spot else launch["UserData"],
        account=region.account,
        reachable_at=now + client._lag("reach", asked.get("ClientToken", "")),
    )


def _moment(when: datetime) -> int:
    return round(when.timestamp() * 1000)
