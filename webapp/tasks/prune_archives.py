"""Remove archives that no run needs any more."""

from webapp.archives import archive_store
from webapp.models.archives import archives_needed

# Between its receipt and its run an archive is needed by nobody that we know of.
GRACE_MS = 3600 * 1000


def prune_archives(now: int) -> int:
    """How many were removed."""
    return archive_store().delete_unused((now - GRACE_MS) / 1000, archives_needed)
