"""Many small contents in one answer: for each of them alone, a call costs more than its bytes."""

from __future__ import annotations

import hashlib
from typing import Iterator

from runner_client.inputs.listing import Input
from runner_client.line import Line

# Contents up to this size come in bundles.
SMALL = 64 * 1024
MOST = 256


def bundles_of(contents: list[list[Input]], most: object) -> tuple[list, list]:
    """The small ones (each: all inputs with that content) in bundles of at most `most` bytes, and
    the others; a server that says no `most` gives no bundles."""
    if not isinstance(most, int) or most < SMALL:
        return [], contents
    small = [same for same in contents if _is_small(same)]
    return list(_filled(small, most)), [same for same in contents if not _is_small(same)]


def read_bundle(line: Line, key: tuple, bundle: list[list[Input]]) -> dict[str, bytes]:
    """Digest -> content, of those that arrived as they should. Raises what a line raises."""
    wanted = [same[0] for same in bundle]
    body = {"attempt": key[1], "files": [each.sha256 for each in wanted]}
    raw = line.fetch("jobs/%s/inputs/bundle" % key[0], body)
    found, at = {}, 0
    for each in wanted:
        content = raw[at : at + each.size]
        at += each.size
        if hashlib.sha256(content).hexdigest() == each.sha256:
            found[each.sha256] = content
    return found


def _is_small(same: list[Input]) -> bool:
    return same[0].size <= SMALL and same[0].url is None


def _filled(contents: list[list[Input]], most: int) -> Iterator[list[list[Input]]]:
    bundle: list[list[Input]] = []
    size = 0
    for same in contents:
        if bundle and (len(bundle) == MOST or size + same[0].size > most):
            yield bundle
            bundle, size = [], 0
        bundle.append(same)
        size += same[0].size
    if bundle:
        yield bundle
