"""In which shapes a secret may appear in a log."""

from __future__ import annotations

import base64
import os
from typing import Iterable, Iterator, List

from runner_client.finder import ANCHOR

# Longer shapes are looked for in pieces: less is held back, and a part of one is hidden too.
PIECE = 512


def plain(values: Iterable[str]) -> List[bytes]:
    """The values themselves and each of their lines, without what is too short."""
    texts = {os.fsencode(value) for value in values}
    texts |= {line for text in texts for line in text.splitlines()}
    stripped = {text.strip() for text in texts}
    return sorted(text for text in stripped if len(text) >= ANCHOR)


def encoded(texts: Iterable[bytes]) -> Iterator[bytes]:
    """Their base64, standard and URL-safe: on their own, as `echo` ends them, and the part that is
    the same whatever stands before and after them in a longer text."""
    for text in texts:
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(text)
            yield encode(text + b"\n")
            for before in range(3):
                first, last = -(-8 * before // 6), 8 * (before + len(text)) // 6
                yield encode(b"\0" * before + text)[first:last]


def pieces(shapes: Iterable[bytes]) -> Iterator[bytes]:
    """Each shape, or what it is cut into; the last piece is as long as the others."""
    for shape in shapes:
        for place in range(0, len(shape) - PIECE, PIECE):
            yield shape[place : place + PIECE]
        yield shape[-PIECE:]
