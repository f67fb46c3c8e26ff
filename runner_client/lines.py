"""The agent's own log: one line for each event on stderr, with time and level."""

from __future__ import annotations

import logging
import sys

LEVELS = ("debug", "info", "warning", "error")


def begin(level: str) -> None:
    logging.basicConfig(
        stream=sys.stderr,
        level=level.upper(),
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
        datefmt="%Y-%m-%d %H:%M:%S",
    )
