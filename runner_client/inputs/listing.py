"""Which files a job begins with."""

from __future__ import annotations

from typing import NamedTuple

from runner_client.line import Line
from runner_client.preparation import CannotRun


class Input(NamedTuple):
    """`origin` is what people call the job it comes from."""

    path: str
    size: int
    sha256: str
    mode: int
    url: str | None
    origin: str


def inputs_of(line: Line, key: tuple) -> tuple[list[Input], object]:
    """All of them, in the order in which they count, and how large bundles the server gives.
    Raises CannotRun and what a line raises."""
    found: list[Input] = []
    bundle, start = None, 0
    while start is not None:
        answer = line.call("jobs/%s/inputs" % key[0], {"attempt": key[1], "from": start})
        found.extend(_input(item) for item in answer.get("files") or [])
        bundle, start = answer.get("bundle"), answer.get("next")
    return found, bundle


def _input(item: dict) -> Input:
    try:
        path, origin = str(item["path"]), item.get("workflow_name") or item["job"]
        size, mode = int(item["size"]), int(item["mode"]) & 0o777
        sha256, url = str(item["sha256"]), item.get("url")
    except (KeyError, TypeError, ValueError):
        raise CannotRun("The server describes an input in a way that is not understood.") from None
    parts = path.split("/")
    if "\0" in path or not set(parts).isdisjoint(("", ".", "..")):
        raise CannotRun("The input %r would not lie in the job's folder." % path)
    return Input(path, size, sha256, mode, url, str(origin))
