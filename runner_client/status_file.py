"""What `dstack-runner status` shows: written by the running agent when something changed."""

from __future__ import annotations

import json
from pathlib import Path

from runner_client.home import write_private


class StatusFile:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._written: dict | None = None

    def write(self, status: dict) -> None:
        """Raises nothing: a full disk must not end the agent over a convenience."""
        if status == self._written:
            return
        try:
            write_private(self._path, json.dumps(status), durable=False)
        except OSError:
            return
        self._written = status


def read(path: Path) -> dict:
    try:
        status = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return status if isinstance(status, dict) else {}
