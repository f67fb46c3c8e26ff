"""A secret that is recognised wherever it turns up, in whatever shape."""

import base64
import html
import secrets
from dataclasses import dataclass, field
from urllib.parse import quote

_CORE = 16


def planted(kind: str) -> str:
    """A new secret of that kind."""
    return f"{kind}-{secrets.token_hex(12)}-canary"


@dataclass(frozen=True)
class Canary:
    """Sixteen bytes from the middle of the secret are looked for: a part of it is a leak too."""

    kind: str
    secret: str | bytes = field(repr=False)

    def found_in(self, data: bytes) -> bool:
        """Whether it is there, plain or in a usual disguise."""
        return any(shape in data for shape in shapes(core(self.secret)))


def core(secret: str | bytes) -> bytes:
    """What is looked for."""
    raw = secret if isinstance(secret, bytes) else max(secret.split("\n"), key=len).encode()
    start = (len(raw) - _CORE) // 2
    assert start >= 0, "too short to be told from anything else"
    return raw[start : start + _CORE]


def shapes(part: bytes) -> set[bytes]:
    """Plain, quoted for URLs and pages, in hexadecimal, in base64 wherever it begins."""
    text = part.decode("latin-1")
    found = {part, quote(part, safe="").encode(), html.escape(text).encode("latin-1")}
    found |= {part.hex().encode(), part.hex().upper().encode()}
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before in range(3):
            first, last = -(-8 * before // 6), 8 * (before + len(part)) // 6
            found.add(encode(b"\0" * before + part)[first:last])
    return found
