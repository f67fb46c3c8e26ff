"""The AWS account and the person's own settings, as the dstack client asks for them.

The original handed out the keys in plain text here; this server never does: they come masked.
"""

from typing import Annotated

from flask import Response, g, jsonify
from pydantic import Field, StringConstraints

from webapp.access import allow
from webapp.api import api
from webapp.api.bearer import caller
from webapp.api.describing import Example, describe
from webapp.api.shapes.shape import Shape, answer
from webapp.clock import now
from webapp.errors import Refused
from webapp.json_input import Input, json_input
from webapp.models.aws_account import (
    AwsAccount,
    Keys,
    MachinesLive,
    aws_account,
    delete_account,
    set_keys,
    set_rules,
)
from webapp.models.transaction import writing

Key = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[!-~]+$")]
Word = Annotated[str, StringConstraints(max_length=100)]


class AwsConfig(Input):
    """Keys that may launch machines, and the region that limits are for when they name none."""

    aws_access_key_id: Annotated[Key, Field(examples=["AKIAIOSFODNN7EXAMPLE"])]
    aws_secret_access_key: Key
    aws_region: Word | None = None
    artifacts_s3_bucket: Annotated[
        Word | None, Field(description="Taken and not used: this server keeps artifacts itself.")
    ] = None


class AwsShape(Shape):
    """The account, its keys masked; all null: there is none."""

    aws_access_key_id: str | None = Field(examples=["AKIA************MPLE"])
    aws_secret_access_key: str | None
    aws_region: str | None
    artifacts_s3_bucket: str | None


class UserShape(Shape):
    """Whose token it is, and what jobs of this person use. `user_configuration` is always null:
    people of one server share its account."""

    user_name: str
    default_configuration: AwsShape
    user_configuration: AwsShape | None


_EXAMPLE = {
    "aws_access_key_id": "AKIAIOSFODNN7EXAMPLE",
    "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "aws_region": "eu-west-1",
}
_LIVE = {400: "`non-cancelled requests`: machines live; `detail` says which."}


@api.post("/users/info")
@allow("token viewer")
@describe(answers=UserShape, examples=[Example("whose token this is")])
def users_info() -> Response:
    """Say whose token this is."""
    name, shape = g.user.name, _shape(aws_account())
    return answer(UserShape(user_name=name, default_configuration=shape, user_configuration=None))


@api.post("/users/aws/info")
@allow("token viewer")
@describe(answers=AwsShape, examples=[Example("masked")])
def aws_info() -> Response:
    """Show the AWS account, its keys masked."""
    return answer(_shape(aws_account()))


@api.post("/users/aws/config")
@allow("token admin")
@describe(takes=AwsConfig, errors=_LIVE, examples=[Example("new keys", _EXAMPLE)])
def aws_config() -> Response:
    """Enter the keys of the AWS account.

    They can be replaced by another account's only while no machine lives."""
    body = json_input(AwsConfig)
    try:
        with writing():
            set_keys(caller(), Keys(body.aws_access_key_id, body.aws_secret_access_key), now())
            set_rules(caller(), now(), region=body.aws_region or None)
    except MachinesLive as error:
        raise _machines_live(error) from None
    return jsonify({})


@api.post("/users/aws/clear")
@allow("token admin")
@describe(errors=_LIVE, examples=[Example("forget them")])
def aws_clear() -> Response:
    """Forget the keys, while no machine lives."""
    try:
        with writing():
            delete_account(caller(), now())
    except MachinesLive as error:
        raise _machines_live(error) from None
    return jsonify({})


def _machines_live(error: MachinesLive) -> Refused:
    # The published client knows this message word for word.
    return Refused(400, "machines_live", "non-cancelled requests", detail=str(error))


def _shape(account: AwsAccount | None) -> AwsShape:
    access_key, secret_key = account.masked if account else ("", "")
    return AwsShape(
        aws_access_key_id=access_key or None,
        aws_secret_access_key=secret_key or None,
        aws_region=account.region if account else None,
        artifacts_s3_bucket=None,
    )
