"""Where this agent was installed from."""

from __future__ import annotations

import os
from pathlib import Path


def server() -> str | None:
    """The server whose installer put this file here; it wrote its address beside it."""
    archive = Path(os.path.realpath(os.path.dirname(__file__))).parent
    try:
        return (archive.parent / "server").read_text(encoding="utf-8").strip() or None
    except OSError:  # run from a checkout, or copied without its neighbour
        return None
