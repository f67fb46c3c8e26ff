"""What a server that was killed, or a deleted repository, left in the folder of the mirrors."""

import shutil
from collections.abc import Set
from pathlib import Path


def delete_leftovers(root: Path, known: Set[int], older_than: float) -> int:
    """Remove the folders of commands that are long over, and mirrors of repositories that are not
    `known`; only what was not touched since, in seconds since the epoch. How many."""
    over = [*root.glob("private/*"), *root.glob("*.git/scratch-*")]
    strange = [path for path in root.glob("*.git") if path.stem not in set(map(str, known))]
    left = [path for path in [*over, *strange] if _touched(path) < older_than]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
        path.with_suffix(".lock").unlink(missing_ok=True)
    return len(left)


def _touched(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # its command ended while we looked
        return float("inf")
