"""The cloud of the account that is configured now. Clients are kept: making one takes longer than
a launch may. What opens an account is EC2, or what the application was given as `opens_cloud`."""

from flask import current_app

from webapp.cloud.clients import Credentials
from webapp.cloud.ec2 import Ec2
from webapp.cloud.interface import Cloud
from webapp.models.aws_account import AwsAccount, aws_account
from webapp.models.installation import the_installation


def the_cloud(account: AwsAccount | None = None) -> Cloud | None:
    """None when AWS is not configured."""
    account = account or aws_account()
    if account is None:
        return None
    keys = Credentials(account.access_key_id, account.secret_access_key, account.session_token)
    kept = current_app.extensions.setdefault("cloud", {})
    if keys not in kept:
        kept.clear()  # clients of earlier keys
        kept[keys] = current_app.extensions.get("opens_cloud", Ec2)(keys)
    return kept[keys]


def group_name() -> str:
    """The name of our security group: the owner mark of everything of this installation."""
    return f"odr-{the_installation().uuid}"
