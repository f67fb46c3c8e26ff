"""Where any of many byte strings occurs, in a text whose end may not be there yet."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Iterable, List, Pattern, Tuple

# Every pattern has at least so many bytes; by these first ones it is looked for.
ANCHOR = 6

Span = Tuple[int, int]


class Finder:
    """A sieve of one character class for each byte of an anchor passes over most of a text at the
    speed of `re`, however many patterns there are; an alternation of all of them would try each
    one at each byte. What the sieve lets through is looked up in the sorted patterns."""

    def __init__(self, patterns: Iterable[bytes]) -> None:
        self._sorted = sorted(set(patterns))
        self._shorter = _links(self._sorted)
        self._longest = max(map(len, self._sorted), default=0)
        self._anchors = {pattern[:ANCHOR] for pattern in self._sorted}
        self._sieve = _sieve(self._anchors) if self._anchors else None
        self._beginnings = {anchor[:size] for anchor in self._anchors for size in range(1, ANCHOR)}

    def find(self, text: bytes, final: bool) -> Tuple[List[Span], int]:
        """(Places of patterns in order of their beginnings, how much of `text` is decided).

        Unless it is `final`, a pattern may still begin at the first undecided byte; none does
        before it but the ones in the list. Of those that begin at one place, the longest counts.
        """
        found: list[Span] = []
        place = -1
        while self._sieve is not None:
            hit = self._sieve.search(text, place + 1)
            if hit is None:
                break
            place = hit.start()
            if hit.group() not in self._anchors:
                continue
            size, may_go_on = self._match(text[place : place + self._longest])
            if may_go_on and not final:
                return found, place
            if size:
                found.append((place, place + size))
        return found, len(text) if final else self._decided(text)

    def _match(self, text: bytes) -> Tuple[int, bool]:
        """(Length of the longest pattern that `text` begins with, whether it may become a longer
        one). Sorted, what begins with `text` comes right after it, and its own beginnings before.
        """
        after = bisect_right(self._sorted, text)
        may_go_on = after < len(self._sorted) and self._sorted[after].startswith(text)
        at = after - 1
        while at >= 0 and not text.startswith(self._sorted[at]):
            at = self._shorter[at]
        return len(self._sorted[at]) if at >= 0 else 0, may_go_on

    def _decided(self, text: bytes) -> int:
        """Where the text ends, or where a beginning at its very end begins."""
        size = len(text)
        for place in range(max(0, size - ANCHOR + 1), size):
            if text[place:] in self._beginnings:
                return place
        return size


def _links(patterns: List[bytes]) -> List[int]:
    """For each of the sorted patterns, which other one is its longest beginning; -1: none."""
    links: list[int] = []
    open_ones: list[int] = []
    for number, pattern in enumerate(patterns):
        while open_ones and not pattern.startswith(patterns[open_ones[-1]]):
            open_ones.pop()
        links.append(open_ones[-1] if open_ones else -1)
        open_ones.append(number)
    return links


def _sieve(anchors: Iterable[bytes]) -> Pattern[bytes]:
    columns = [{anchor[place : place + 1] for anchor in anchors} for place in range(ANCHOR)]
    classes = [b"[" + b"".join(map(re.escape, sorted(column))) + b"]" for column in columns]
    return re.compile(b"".join(classes))
