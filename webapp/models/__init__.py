"""The nouns, one a file, and the only place where a status changes.

Importing this package makes every table known to SQLAlchemy.
"""

from webapp.models import (
    aws_account,
    catalogue,
    event,
    installation,
    instance,
    job,
    lease,
    limit,
    naming,
    price_wish,
    region,
    repo,
    run,
    runner,
    stranger,
    token,
    user,
)

__all__ = [
    "aws_account",
    "catalogue",
    "event",
    "installation",
    "instance",
    "job",
    "lease",
    "limit",
    "naming",
    "price_wish",
    "region",
    "repo",
    "run",
    "runner",
    "stranger",
    "token",
    "user",
]
