"""The names of this agent's lives, kept so that the server can tell a restart from a copy.

A new name is written down *before* the server hears it and confirmed after it answered. When the
agent dies in between, the next one repeats the same call; had it made up another name, a machine
that merely restarted would look like a clone.
"""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import NamedTuple

from runner_client.home import write_private


class Life(NamedTuple):
    session: str
    previous: str | None


def begin(path: Path) -> Life:
    """The name of the life that begins now; raises OSError."""
    kept = _read(path)
    life = Life(kept.get("announced") or str(uuid.uuid4()), kept.get("confirmed"))
    _write(path, {"confirmed": life.previous, "announced": life.session})
    return life


def confirm(path: Path, life: Life) -> None:
    """The server knows this life; raises OSError."""
    _write(path, {"confirmed": life.session})


def forget(path: Path) -> None:
    """A new runner begins: it has no earlier life. Raises OSError."""
    _write(path, {})


def _read(path: Path) -> dict:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _write(path: Path, kept: dict) -> None:
    write_private(path, json.dumps(kept))
