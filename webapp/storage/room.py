"""How much room there is on the disk of the server."""

import shutil
from pathlib import Path


def free_bytes(folder: Path) -> int:
    """On the disk that holds this folder."""
    return shutil.disk_usage(folder).free
