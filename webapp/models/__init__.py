"""The nouns, one a file, and the only place where a status changes.

Importing this package makes every table known to SQLAlchemy.
"""

from webapp.models import (
    event,
    installation,
    job,
    lease,
    naming,
    run,
    runner,
    token,
    user,
)

__all__ = ["event", "installation", "job", "lease", "naming", "run", "runner", "token", "user"]
