"""From a script that breaks something to a short one that still does (delta debugging)."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def shrink(
    items: Sequence[Item], breaks: Callable[[list[Item]], bool], seconds: float = 120
) -> list[Item]:
    """A part of `items`, in their order, that still breaks; none of it can be left out, unless
    the time was over first."""
    left, pieces = list(items), 2
    end = time.monotonic() + seconds
    while len(left) > 1 and time.monotonic() < end:
        size = max(1, len(left) // pieces)
        shorter = _without_a_piece(left, size, breaks, end)
        if shorter is not None:
            left, pieces = shorter, max(2, pieces - 1)
        elif size == 1:
            break
        else:
            pieces = min(len(left), pieces * 2)
    return [] if len(left) == 1 and breaks([]) else left


def _without_a_piece(
    left: list[Item], size: int, breaks: Callable[[list[Item]], bool], end: float
) -> list[Item] | None:
    # From the end: what came last is the least likely to matter.
    for start in range((len(left) - 1) // size * size, -1, -size):
        rest = left[:start] + left[start + size :]
        if time.monotonic() < end and breaks(rest):
            return rest
    return None
