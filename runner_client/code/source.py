"""The answer to `POST jobs/<job>/code`, checked once."""

from __future__ import annotations

import re
from typing import NamedTuple

from git_access import Access
from runner_client.preparation import CannotRun

_HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_NOT_UNDERSTOOD = "The server sent a source of code that this runner's agent does not understand."


class Source(NamedTuple):
    """Of an archive its SHA-256 and size; otherwise a commit."""

    access: Access
    commit: str = ""
    branch: str = ""
    diff_size: int = 0
    archive: str = ""
    size: int = 0


def read_source(told: dict) -> Source:
    """Raises CannotRun."""
    if told.get("kind") == "archive":
        size, digest = told.get("size"), told.get("sha256")
        if _is_count(size) and isinstance(digest, str) and _SHA256.match(digest):
            return Source(Access(""), archive=digest, size=size)
    elif told.get("kind") == "git":
        commit, size = told.get("hash"), told.get("diff_size")
        if _is_count(size) and isinstance(commit, str) and _HASH.match(commit):
            return Source(_access(told), commit, _branch(told), size)
    raise CannotRun(_NOT_UNDERSTOOD)


def _access(told: dict) -> Access:
    url = told.get("url")
    if not isinstance(url, str) or url.startswith("-") or "::" in url.partition("/")[0]:
        raise CannotRun(_NOT_UNDERSTOOD)
    return Access(
        url=url,
        local=told.get("local") is True,
        user_name=_text(told, "user_name"),
        secret=_text(told, "secret"),
        private_key=_text(told, "private_key"),
        passphrase=_text(told, "passphrase"),
        known_hosts=_text(told, "known_hosts") or "",
    )


def _branch(told: dict) -> str:
    branch = _text(told, "branch") or ""
    return "" if branch.startswith("-") else branch


def _text(told: dict, name: str) -> str | None:
    value = told.get(name)
    return value if isinstance(value, str) and value else None


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
