"""The nouns, one a file, and the only place where a status changes.

Importing this package makes every table known to SQLAlchemy.
"""

from webapp.models import (
    artifact,
    aws_account,
    blob,
    catalogue,
    event,
    idempotency,
    installation,
    instance,
    job,
    lease,
    limit,
    naming,
    price_wish,
    region,
    repo,
    retention,
    run,
    runner,
    secret,
    stranger,
    token,
    user,
)

__all__ = [
    "artifact",
    "aws_account",
    "blob",
    "catalogue",
    "event",
    "idempotency",
    "installation",
    "instance",
    "job",
    "lease",
    "limit",
    "naming",
    "price_wish",
    "region",
    "repo",
    "retention",
    "run",
    "runner",
    "secret",
    "stranger",
    "token",
    "user",
]
