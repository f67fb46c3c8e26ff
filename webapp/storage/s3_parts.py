"""How a large object is cut into parts."""

from typing import NamedTuple

_MOST_PARTS = 10_000  # S3's limit


class Part(NamedTuple):
    """Numbered from 1, as S3 does."""

    number: int
    offset: int
    size: int


def parts_of(size: int, part: int) -> list[Part]:
    """The same parts for the same size, whenever it is asked."""
    part = max(part, -(-size // _MOST_PARTS))
    starts = range(0, size, part)
    return [Part(n, at, min(part, size - at)) for n, at in enumerate(starts, start=1)]
