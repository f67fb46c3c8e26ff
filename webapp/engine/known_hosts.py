"""Keys of hosts as ssh keeps them, one a line: seen at first use, never replaced by another."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

LONGEST = 64_000
_LINE = re.compile(r"([^\s#@|][^\s]{0,300}) ([A-Za-z0-9@.-]{1,80}) ([A-Za-z0-9+/=]{16,6000})")


@dataclass(frozen=True, slots=True)
class HostKey:
    """`fingerprint` as `ssh-keygen -l` prints it."""

    host: str
    kind: str
    fingerprint: str


def host_keys(text: str) -> list[HostKey]:
    """What there is, in its order; lines that are no key are passed over."""
    found = (_LINE.fullmatch(line.strip()) for line in text.splitlines())
    keys = [HostKey(each[1], each[2], _fingerprint(each[3])) for each in found if each]
    return [key for key in keys if key.fingerprint]


def merged(kept: str, seen: str) -> str:
    """`kept` and, of `seen`, the keys of hosts that it does not know; at most LONGEST."""
    known = {key.host for key in host_keys(kept)}
    lines = kept.splitlines()
    for line in seen.splitlines():
        keys = host_keys(line)
        size = sum(len(each) + 1 for each in lines)
        if keys and keys[0].host not in known and size + len(line) < LONGEST:
            lines.append(line.strip())
    return "".join(line + "\n" for line in lines)


def _fingerprint(key: str) -> str:
    try:
        content = base64.b64decode(key, validate=True)
    except binascii.Error:
        return ""
    digest = hashlib.sha256(content).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")
