"""The server's clock, in one place, so that a test can hold it still."""

import time

from flask import current_app


def system_clock() -> int:
    """Epoch milliseconds."""
    return time.time_ns() // 1_000_000


def now() -> int:
    """Epoch milliseconds by the clock of this application."""
    return current_app.extensions["clock"]()
