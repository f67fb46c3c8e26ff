"""The name of a file below `<user>/<run>/<job>/`, in a folder of ours or a bucket."""

import hashlib
from urllib.parse import quote

from webapp.storage.content import Place

_LONGEST = 255  # bytes of one part, on every file system that matters
# Those that a terminal, a web server or S3 would take for something else.
_PLAIN = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) not in "\\%/")


def key_of(place: Place, path: str) -> str:
    """Readable for people who look there by hand; what is not harmless is percent-encoded."""
    return "/".join((place.user, place.run, place.job, *map(_part, path.split("/"))))


def _part(name: str) -> str:
    kept = "".join(char if ord(char) > 0x9F else quote(char, safe=_PLAIN) for char in name)
    raw = kept.encode()
    if len(raw) <= _LONGEST:
        return kept
    short = raw[:200].decode(errors="ignore")
    return f"{short}~{hashlib.sha256(name.encode()).hexdigest()[:16]}"
