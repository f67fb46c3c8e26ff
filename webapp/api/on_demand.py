"""On-demand runners: the switch."""

from typing import Annotated

from flask import Response, jsonify
from pydantic import Field

from webapp.access import allow
from webapp.api import api
from webapp.api.bearer import caller
from webapp.api.describing import Example, describe
from webapp.api.shapes.shape import Shape, answer
from webapp.clock import now
from webapp.errors import Refused
from webapp.json_input import Input, json_input
from webapp.models.aws_account import AwsAccount, aws_account, set_rules, switch
from webapp.models.transaction import writing

NOT_CONFIGURED = "aws is not configured"  # the published client knows these words
_Idle = Annotated[int | None, Field(ge=0, le=86400, description="Seconds a machine may be idle.")]


class SwitchShape(Shape):
    """`enabled`: machines are launched when jobs wait. `read_only` is always false."""

    enabled: bool
    read_only: bool


class Switch(Input):
    """What to change."""

    enabled: bool | None = None
    idle_seconds: _Idle = None


@api.post("/on-demand/settings")
@allow("token viewer")
@describe(answers=SwitchShape, examples=[Example("on or off")])
def on_demand_settings() -> Response:
    """Say whether machines are launched at all."""
    account = aws_account()
    return answer(SwitchShape(enabled=bool(account and account.enabled), read_only=False))


@api.post("/on-demand/settings/update")
@allow("token admin")
@describe(
    takes=Switch,
    errors={400: f"`{NOT_CONFIGURED}`"},
    examples=[Example("on", {"enabled": True}), Example("patience", {"idle_seconds": 600})],
)
def update_on_demand_settings() -> Response:
    """Switch on-demand runners on or off.

    Off drains every machine."""
    body = json_input(Switch)
    configured_account()
    with writing():
        if body.idle_seconds is not None:
            set_rules(caller(), now(), idle_seconds=body.idle_seconds)
        if body.enabled is not None:
            switch(caller(), body.enabled, now())
    return jsonify({})


def configured_account() -> AwsAccount:
    """The account; raises Refused (400) when there is none."""
    account = aws_account()
    if account is None:
        raise Refused(400, "not_configured", NOT_CONFIGURED)
    return account
