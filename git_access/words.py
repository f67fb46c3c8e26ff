"""What git said, as one sentence."""

from __future__ import annotations

import re

_LONGEST = 500
_MOST_LINES = 5
_TELLING = re.compile(r"(fatal|error|warning|remote|ssh|ERROR|Load key)\b|.*Permission denied")
_NOT_TELLING = re.compile(
    r"warning: |fatal: Could not read from remote|Please make sure|and the repository exists"
    r"|error: the following files have|hint:"
    r"|remote: (Enumerating|Counting|Compressing|Resolving|Total) "
)
_CHANGED = "REMOTE HOST IDENTIFICATION HAS CHANGED"
_NOBODY_KNOWN = ("terminal prompts disabled", "could not read Username", "could not read Password")


def sentence(output: bytes) -> str:
    """git's own words, and what they mean where they do not say it."""
    text = output.decode("utf-8", "replace")
    if _CHANGED in text:
        return (
            "The host key of the server is not the one that was seen before, so nothing was sent to"
            " it. If it was changed on purpose, forget the old key in Settings → Repositories."
        )
    words = _own_words(text)
    if any(known in text for known in _NOBODY_KNOWN):
        return "The server asks who we are, and no credentials for it are known here (%s)." % words
    return "git says: %s" % words


def _own_words(text: str) -> str:
    lines = [_clean(line) for line in re.split(r"[\r\n]+", text)]
    lines = [line for line in lines if line]
    telling = [line for line in lines if _TELLING.match(line) and not _NOT_TELLING.match(line)]
    chosen = list(dict.fromkeys(telling[-_MOST_LINES:] or lines[-3:] or ["nothing"]))
    joined = "; ".join(line.rstrip(".") for line in chosen)
    return joined if len(joined) <= _LONGEST else joined[: _LONGEST - 1] + "…"


def _clean(line: str) -> str:
    line = re.sub(r'(Load key )"[^"]*"', r"\1", line)  # a path of ours tells nobody anything
    return "".join(character for character in line if character.isprintable()).strip()
