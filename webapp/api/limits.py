"""On-demand runners: the limits."""

import threading
import time
from typing import Annotated

from flask import Response, current_app, jsonify
from pydantic import Field, StringConstraints

from webapp.access import allow
from webapp.api import api
from webapp.api.bearer import caller
from webapp.api.describing import Example, describe
from webapp.api.on_demand import NOT_CONFIGURED, configured_account
from webapp.api.shapes import Limits, answer, limit_shape
from webapp.clock import now
from webapp.engine.snapshot import Key
from webapp.errors import Refused
from webapp.extensions import db
from webapp.json_input import Input, json_input
from webapp.models.catalogue import CatalogueRegion, regions, want_region
from webapp.models.limit import add_limit, delete_limit, limit_of, limits, set_maximum
from webapp.models.limit_check import LimitWish, check_wish
from webapp.models.transaction import writing

Word = Annotated[str, StringConstraints(max_length=100)]
_LOOK_SECONDS = 0.25
_ASK_AGAIN_MS = 60_000


class WhichLimit(Input):
    """A limit by what it is for."""

    region_name: Annotated[Word | None, Field(description="Null: the default region.")] = None
    instance_type: Annotated[Word, Field(examples=["p3.2xlarge"])]
    purchase_type: Annotated[Word, Field(description="`spot` or `on-demand`")]


class SetLimit(WhichLimit):
    """A limit and its maximum."""

    maximum: Annotated[
        int | Annotated[str, StringConstraints(max_length=20)],
        Field(description="A number; the published client sends it as a string."),
    ]


_EXAMPLE = {"region_name": "eu-west-1", "instance_type": "m5.xlarge", "purchase_type": "spot"}
_ERRORS = {
    400: f"`{NOT_CONFIGURED}`, or a field is wrong.",
    404: "`region not found`, `instance type not found`, `limit not found`",
}
_NOT_YET = {409: "What the region offers is still being fetched: try again in a few seconds."}


@api.get("/on-demand/limits/query")
@allow("token viewer")
@describe(answers=Limits, examples=[Example("all")])
def query_limits() -> Response:
    """List the limits."""
    return answer(Limits(limits=[limit_shape(limit) for limit in limits()]))


@api.post("/on-demand/limits/set")
@allow("token admin")
@describe(
    takes=SetLimit,
    errors=_ERRORS | _NOT_YET,
    examples=[
        Example("a new one", {**_EXAMPLE, "purchase_type": "on-demand", "maximum": 2}),
        Example("another maximum", {**_EXAMPLE, "maximum": "5"}),
    ],
)
def set_limit() -> Response:
    """Add a limit, or change its maximum.

    More machines than a lower maximum allows are drained."""
    body = json_input(SetLimit)
    region = body.region_name or configured_account().region or ""
    wish = _checked(region, body)
    with writing():
        limit = limit_of(wish.key)
        if limit:
            set_maximum(caller(), limit, int(wish.maximum), now())
        else:
            add_limit(caller(), wish.key, int(wish.maximum), now())
    return jsonify({})


@api.post("/on-demand/limits/delete")
@allow("token admin")
@describe(takes=WhichLimit, errors=_ERRORS, examples=[Example("one", _EXAMPLE)])
def remove_limit() -> Response:
    """Delete a limit; its machines drain."""
    body = json_input(WhichLimit)
    region = body.region_name or configured_account().region or ""
    with writing():
        limit = limit_of(Key(region, body.instance_type, body.purchase_type))
        if limit is None:
            raise Refused(404, "not_found", "limit not found")
        delete_limit(caller(), limit, now())
    return jsonify({})


@api.post("/on-demand/limits/clear")
@allow("token admin")
@describe(examples=[Example("all")])
def clear_limits() -> Response:
    """Delete all limits; all machines drain."""
    with writing():
        for limit in limits():
            delete_limit(caller(), limit, now())
    return jsonify({})


def _checked(region: str, body: SetLimit) -> LimitWish:
    """The wish without a problem; raises Refused with the words that the published client knows.

    What a region offers is fetched when somebody first asks for it. The client does not try
    again, so we wait as long as a poll may.
    """
    configured_account()
    deadline = time.monotonic() + current_app.extensions["settings"].poll_seconds
    while True:
        wish = check_wish(region, body.instance_type, body.purchase_type, str(body.maximum))
        if "region" not in wish.problems:
            break
        _refuse_region(wish)
        if time.monotonic() >= deadline:
            raise Refused(409, "not_yet", wish.problems["region"], _by_field(wish))
        db.session.remove()  # nothing of the database is held while we wait
        threading.Event().wait(_LOOK_SECONDS)
    if "instance_type" in wish.problems:
        raise Refused(404, "not_found", "instance type not found", _by_field(wish))
    if wish.problems:
        raise Refused(400, "bad_request", next(iter(wish.problems.values())), _by_field(wish))
    return wish


def _by_field(wish: LimitWish) -> dict[str, str]:
    """Under the names that the body has."""
    names = {"region": "region_name"}
    return {names.get(name, name): words for name, words in wish.problems.items()}


def _refuse_region(wish: LimitWish) -> None:
    row = db.session.get(CatalogueRegion, wish.region)
    if not wish.region or (row is not None and not row.usable):
        raise Refused(400, "bad_request", wish.problems["region"], _by_field(wish))
    if row is None and regions():
        raise Refused(404, "not_found", "region not found", _by_field(wish))
    if row is not None and (row.wanted_at or 0) < now() - _ASK_AGAIN_MS:
        with writing():
            want_region(wish.region, now())
