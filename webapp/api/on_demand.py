"""On-demand runners: the switch and the limits."""

from typing import Annotated

from flask import Response, jsonify
from pydantic import BeforeValidator, Field, StringConstraints

from webapp.access import allow
from webapp.api import api
from webapp.api.bearer import caller
from webapp.clock import now
from webapp.engine.snapshot import Key
from webapp.errors import Refused
from webapp.extensions import db
from webapp.json_input import Input, json_input
from webapp.models.aws_account import AwsAccount, aws_account, set_rules, switch
from webapp.models.catalogue import CatalogueRegion, offering, regions, want_region
from webapp.models.limit import Limit, add_limit, delete_limit, limit_of, limits, set_maximum
from webapp.models.limit_check import LimitWish, check_wish
from webapp.models.transaction import writing

Word = Annotated[str, StringConstraints(max_length=100)]
# The published client sends the maximum as a string, scripts send a number.
Number = Annotated[str, BeforeValidator(str), StringConstraints(max_length=20)]


class Switch(Input):
    """`on-demand/settings/update`; `idle_seconds` is ours: how long a machine may be idle."""

    enabled: bool | None = None
    idle_seconds: Annotated[int, Field(ge=0, le=86400)] | None = None


class WhichLimit(Input):
    """A limit by what it is for; region null: the default region."""

    region_name: Word | None = None
    instance_type: Word
    purchase_type: Word


class SetLimit(WhichLimit):
    """`on-demand/limits/set`"""

    maximum: Number


@api.post("/on-demand/settings")
@allow("token viewer")
def on_demand_settings() -> Response:
    """Whether machines are launched at all."""
    account = aws_account()
    return jsonify(enabled=bool(account and account.enabled), read_only=False)


@api.post("/on-demand/settings/update")
@allow("token admin")
def update_on_demand_settings() -> Response:
    """Switch on or off (off drains every machine), set how long one may be idle."""
    body = json_input(Switch)
    _account()
    with writing():
        if body.idle_seconds is not None:
            set_rules(caller(), now(), idle_seconds=body.idle_seconds)
        if body.enabled is not None:
            switch(caller(), body.enabled, now())
    return jsonify({})


@api.get("/on-demand/limits/query")
@allow("token viewer")
def query_limits() -> Response:
    """All limits."""
    return jsonify(limits=[_shape(limit) for limit in limits()])


@api.post("/on-demand/limits/set")
@allow("token admin")
def set_limit() -> Response:
    """Add a limit or change its maximum."""
    body = json_input(SetLimit)
    region = body.region_name or _account().region or ""
    wish = check_wish(region, body.instance_type, body.purchase_type, body.maximum)
    _refuse(wish)
    with writing():
        limit = limit_of(wish.key)
        if limit:
            set_maximum(caller(), limit, int(wish.maximum), now())
        else:
            add_limit(caller(), wish.key, int(wish.maximum), now())
    return jsonify({})


@api.post("/on-demand/limits/delete")
@allow("token admin")
def remove_limit() -> Response:
    """Delete one; its machines drain."""
    body = json_input(WhichLimit)
    region = body.region_name or _account().region or ""
    with writing():
        limit = limit_of(Key(region, body.instance_type, body.purchase_type))
        if limit is None:
            raise Refused(404, "not_found", "limit not found")
        delete_limit(caller(), limit, now())
    return jsonify({})


@api.post("/on-demand/limits/clear")
@allow("token admin")
def clear_limits() -> Response:
    """Delete all; all machines drain."""
    with writing():
        for limit in limits():
            delete_limit(caller(), limit, now())
    return jsonify({})


def _account() -> AwsAccount:
    account = aws_account()
    if account is None:
        raise Refused(400, "not_configured", "aws is not configured")
    return account


def _refuse(wish: LimitWish) -> None:
    """Raise Refused with the words that the published client knows, where it knows some."""
    _account()
    if "region" in wish.problems:
        _refuse_region(wish)
    if "instance_type" in wish.problems:
        raise Refused(404, "not_found", "instance type not found", wish.problems)
    if wish.problems:
        raise Refused(400, "bad_request", next(iter(wish.problems.values())), wish.problems)


def _refuse_region(wish: LimitWish) -> None:
    row = db.session.get(CatalogueRegion, wish.region)
    if row is None and regions():
        raise Refused(404, "not_found", "region not found", wish.problems)
    if row is not None:
        with writing():
            want_region(wish.region, now())
    raise Refused(503, "not_yet", wish.problems["region"], wish.problems)


def _shape(limit: Limit) -> dict[str, object]:
    offered = offering(limit.region, limit.instance_type)
    return {
        "region_name": limit.region,
        "instance_type": limit.instance_type,
        "purchase_type": limit.purchase_type,
        "maximum": limit.maximum,
        "resources": {
            "cpu": {"count": offered.cpu_milli // 1000 if offered else 0},
            "memory_mib": offered.memory_mib if offered else 0,
            "gpus": offered.gpus if offered else [],
            "interruptible": limit.purchase_type == "spot",
        },
        "availability_issues_at": limit.trouble_at,
        "availability_issues_message": limit.trouble_message,
    }
