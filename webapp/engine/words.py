"""Times and counts as people say them."""

from datetime import UTC, datetime


def clock_time(moment: int) -> str:
    """Epoch milliseconds as "14:03:20 UTC".

    A moment and not "in 20 s": the sentence stays the same until something changes.
    """
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%H:%M:%S UTC")


def day_and_time(moment: int) -> str:
    """Epoch milliseconds as "2026-11-24 14:03 UTC"."""
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")


def duration(seconds: int) -> str:
    """Seconds as "45 s", "10 min" or "2 h"."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def count(number: int, noun: str) -> str:
    """ "1 runner", "2 runners"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
