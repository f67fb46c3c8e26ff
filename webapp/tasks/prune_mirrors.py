"""Remove what is left in the folder of the mirrors and nobody needs."""

from webapp.models.repo import repo_ids
from webapp.repositories import delete_leftovers, repositories_folder

# Longer than any command of git is allowed to take.
GRACE_MS = 3600 * 1000


def prune_mirrors(now: int) -> int:
    """How many folders were removed."""
    return delete_leftovers(repositories_folder(), repo_ids(), (now - GRACE_MS) / 1000)
