"""Where a server is, taken apart once."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit


class BadAddress(ValueError):
    """One sentence: what the address of the server should look like."""


class Address(NamedTuple):
    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        name = "[%s]" % self.host if ":" in self.host else self.host
        usual = 443 if self.scheme == "https" else 80
        return name if self.port == usual else "%s:%d" % (name, self.port)

    @property
    def url(self) -> str:
        return "%s://%s%s" % (self.scheme, self.host_header, self.path)


def parse(url: str) -> Address:
    """`https://host[:port][/path]` in parts; raises BadAddress."""
    sentence = "The address of the server should look like https://runners.example.org, not %r."
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise BadAddress(sentence % url) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadAddress(sentence % url)
    if parts.username or parts.password:
        raise BadAddress("The address of the server should hold no user name and no password.")
    usual = 443 if parts.scheme == "https" else 80
    return Address(parts.scheme, parts.hostname, port or usual, parts.path.rstrip("/"))
