"""The four lines that make a machine a runner."""

from flask_login import current_user

from webapp.models.token import token_of
from webapp.public_url import public_url


def four_lines() -> list[str]:
    """With the real address of this server and the token of whoever looks at them."""
    token = token_of(current_user) or "<token>"
    return [
        f"curl -fsSL {public_url()}/runner -o get-dstack-runner.sh",
        "sudo sh get-dstack-runner.sh",
        f"dstack-runner config --token {token}",
        "dstack-runner start",
    ]
