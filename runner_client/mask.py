"""Hiding secrets in what a job prints, before any of it is stored: `***` in their place."""

from __future__ import annotations

import re
from typing import Iterable, Iterator, List, Tuple

from runner_client import hidden
from runner_client.finder import Finder, Span

STARS = b"***"
_BREAKS = b"\r\n"
# `base64` breaks its output into lines; nobody breaks one by so many.
_GAP = re.compile(rb"[\r\n]{3,}")
# So little of a secret may be shown while a log waits for its next byte, so that a prompt does not
# lose its last character because some secret begins with it.
_SHOWN = 2


class Mask:
    """What to hide. Values that are too short to be hidden are not."""

    def __init__(self, values: Iterable[str]) -> None:
        texts = hidden.plain(values)
        self._plain = Finder(hidden.pieces(texts))
        self._encoded = Finder(hidden.pieces(hidden.encoded(texts)))

    def clean(self, text: str) -> str:
        """A whole text without the secrets in it."""
        masked = self.stream()
        data = text.encode("utf-8", "surrogatepass")
        return (masked.feed(data) + masked.end()).decode("utf-8", "replace")

    def stream(self) -> Masked:
        """For one stream of bytes; there may be several."""
        return Masked(self)

    def look(self, data: bytes, final: bool) -> Tuple[List[Span], int]:
        """(What to hide, in order; how much of `data` is decided)."""
        spans, decided = self._plain.find(data, final)
        for first, last in _segments(data):
            segment = data[first:last]
            dense = segment.translate(None, _BREAKS)
            is_open = last == len(data) and not final
            found, known = self._encoded.find(dense, not is_open)
            if found:
                kept = _kept(segment)
                spans += [(first + kept[a], first + kept[b - 1] + 1) for a, b in found]
            if known < len(dense):
                decided = min(decided, last - _length_of_end(segment, len(dense) - known))
        return sorted(spans), decided


class Masked:
    """One stream of bytes on its way through a mask. It may come in any pieces."""

    def __init__(self, mask: Mask) -> None:
        self._mask = mask
        self._held = b""
        self._told = 0  # of `_held`, from its beginning: already shown or hidden by stars
        self._starred = False  # nothing came after the last stars

    def feed(self, data: bytes) -> bytes:
        """What may be shown now."""
        return self._advance(self._held + data, final=False)

    def end(self) -> bytes:
        """What was held back: nothing comes after it."""
        return self._advance(self._held, final=True)

    def rest(self) -> bytes:
        """What to show of it when nothing has come for a while."""
        held = self._held
        if self._told == len(held) or len(held.translate(None, _BREAKS)) > _SHOWN:
            return b""
        shown, self._told, self._starred = held[self._told :], len(held), False
        return shown

    def _advance(self, data: bytes, final: bool) -> bytes:
        spans, decided = self._mask.look(data, final)
        place, out = self._told, []
        for first, last in spans:
            if first >= decided or last <= place:
                continue
            if first > place:
                out.append(data[place:first])
            if first > place or not self._starred:
                out.append(STARS)
            place, self._starred = last, True
        if place < decided:
            out.append(data[place:decided])
            place, self._starred = decided, False
        self._held, self._told = data[decided:], place - decided
        return b"".join(out)


def _segments(data: bytes) -> Iterator[Span]:
    """The parts between gaps; the last one ends with the data."""
    first = 0
    for gap in _GAP.finditer(data):
        yield first, gap.start()
        first = gap.end()
    yield first, len(data)


def _length_of_end(segment: bytes, count: int) -> int:
    """How long its end is that begins with the last but `count` of its kept bytes."""
    end = segment[-3 * count - 2 :]  # there are at most two breaks after each of them
    return len(end) - _kept(end)[-count]


def _kept(segment: bytes) -> List[int]:
    """The places of all bytes but line breaks."""
    return [place for place, byte in enumerate(segment) if byte not in _BREAKS]
