"""Many small contents in one call: for each of them alone, a call costs more than its bytes."""

from __future__ import annotations

import json
from typing import Callable, Iterator

from runner_client.artifacts.reading import Changed, opened
from runner_client.artifacts.sending import TooLarge, patiently
from runner_client.artifacts.walking import Entry
from runner_client.line import Line

# Contents up to this size go in bundles.
SMALL = 64 * 1024
MOST = 256


def bundles_of(pairs: list, most: object) -> tuple[list, list]:
    """The small ones in bundles of at most `most` bytes, and the others; a server that says no
    `most` takes no bundles."""
    if not isinstance(most, int) or most < SMALL:
        return [], pairs
    small = [pair for pair in pairs if _is_small(pair)]
    return list(_filled(small, most)), [pair for pair in pairs if not _is_small(pair)]


def send_bundle(
    line: Line, key: tuple, pairs: list, sent: Callable[[int], None], say: Callable[[str], None]
) -> list:
    """Those of the pairs, with their states, that are not whole after it: they go by themselves."""
    contents = {pair[1]["sha256"]: _content(pair[0][0]) for pair in pairs}
    there = {sha: content for sha, content in contents.items() if content is not None}
    head = json.dumps([[sha, len(content)] for sha, content in there.items()]).encode()
    body = head + b"\n" + b"".join(there.values())
    path = "jobs/%s/blobs?attempt=%d" % (key[0], key[1])
    try:
        answer = patiently(lambda: line.call(path, body), say, line.wait)
    except TooLarge:
        return pairs
    sent(sum(len(content) for content in there.values()))
    states = {state.get("sha256"): state for state in answer.get("states") or []}
    left = [(entries, states.get(state["sha256"], state)) for entries, state in pairs]
    return [(entries, state) for entries, state in left if state.get("whole") is not True]


def _is_small(pair: tuple) -> bool:
    """It has the files of a content, and its state."""
    return pair[0][0].size <= SMALL and "offset" in pair[1]


def _content(entry: Entry) -> bytes | None:
    """None when it is not any more what it was: that is found out again, and said."""
    try:
        with opened(entry) as file:
            return file.read(SMALL + 1)
    except (Changed, OSError):
        return None


def _filled(pairs: list, most: int) -> Iterator[list]:
    bundle: list = []
    size = 0
    for pair in pairs:
        if bundle and (len(bundle) == MOST or size + pair[0][0].size > most):
            yield bundle
            bundle, size = [], 0
        bundle.append(pair)
        size += pair[0][0].size
    if bundle:
        yield bundle
