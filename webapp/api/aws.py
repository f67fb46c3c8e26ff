"""The AWS account and the person's own settings, as the dstack client asks for them.

The original handed out the keys in plain text here; this server never does: they come masked.
"""

from typing import Annotated

from flask import Response, g, jsonify
from pydantic import StringConstraints

from webapp.access import allow
from webapp.api import api
from webapp.api.bearer import caller
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
    """`users/aws/config`; a bucket is taken and ignored: artifacts are kept by this server."""

    aws_access_key_id: Key
    aws_secret_access_key: Key
    aws_region: Word | None = None
    artifacts_s3_bucket: Word | None = None


@api.post("/users/info")
@allow("token viewer")
def users_info() -> Response:
    """Who the token is, and the configuration that jobs use."""
    configuration = _shape(aws_account())
    return jsonify(
        user_name=g.user.name, default_configuration=configuration, user_configuration=None
    )


@api.post("/users/aws/info")
@allow("token viewer")
def aws_info() -> Response:
    """The four fields, masked."""
    return jsonify(_shape(aws_account()))


@api.post("/users/aws/config")
@allow("token admin")
def aws_config() -> Response:
    """Enter the keys, or replace them while no machine lives."""
    body = json_input(AwsConfig)
    try:
        with writing():
            set_keys(caller(), Keys(body.aws_access_key_id, body.aws_secret_access_key), now())
            set_rules(caller(), now(), region=body.aws_region or None)
    except MachinesLive as error:
        raise Refused(400, "machines_live", f"non-cancelled requests: {error}") from None
    return jsonify({})


@api.post("/users/aws/clear")
@allow("token admin")
def aws_clear() -> Response:
    """Forget the keys while no machine lives."""
    try:
        with writing():
            delete_account(caller(), now())
    except MachinesLive as error:
        raise Refused(400, "machines_live", f"non-cancelled requests: {error}") from None
    return jsonify({})


def _shape(account: AwsAccount | None) -> dict[str, str | None]:
    access_key, secret_key = account.masked if account else ("", "")
    return {
        "aws_access_key_id": access_key or None,
        "aws_secret_access_key": secret_key or None,
        "aws_region": account.region if account else None,
        "artifacts_s3_bucket": None,
    }
