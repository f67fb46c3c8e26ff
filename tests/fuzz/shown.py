"""What is read piece by piece on its way to a page, to git or into a log."""

import base64
import re

from hypothesis import settings
from hypothesis import strategies as st

from runner_client.mask import Mask
from tests.fuzz.readers import damaged, tried
from webapp.engine.repository_urls import (
    BadUrl,
    canonical,
    check_url,
    for_git,
    host_and_port,
    is_local,
)
from webapp.pages.ansi import draw, pack, unpack
from webapp.pages.diff import parse

_LINES = (
    b"\x1b[31;1mred\x1b[0m \x1b[38;5;200mx\x1b[48;2;1;2;3my\x1b]0;t\x07a\rb\x1b[4:3m<b>&\"'",
    b" 10%\r 50%\r100%\x1b[K\x1b[9Cx\x1bP1$r\x1b\\\x9b31m",
)
_CHANGES = (
    b"diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@ f\n-a\n+b\n c\n",
    b'diff --git "a/\\303\\244" "b/\\303\\244"\nnew file mode 100644\n--- /dev/null\n+++ b/x\n'
    b"@@ -0,0 +1 @@\n+x\n\\ No newline at end of file\nGIT binary patch\nliteral 3\n",
)
_URLS = (
    b"https://org@dev.azure.com:443/org/_git/x.git",
    b"ssh://git@[2001:db8::1]:22/~/x",
    b"git@github.com:me/x.git",
    b"file:///srv/x%20",
)
_SECRET = b"what nobody may read"
_STREAMS = (
    b"one %s two %s\n three" % (_SECRET, base64.b64encode(b"x" + _SECRET)),
    b"%s\r\n%s" % (_SECRET * 3, base64.b64encode(_SECRET).replace(b"9", b"9\r\n")),
)


def lines(length: settings, number: int | None = None) -> None:
    """Lines of a log: of what they say, nothing becomes markup."""

    def look(content: bytes) -> None:
        pen: dict[str, str] = {}
        drawn = str(draw(content.decode("utf-8", "replace"), pen))
        rest = re.sub(r'</span>|<span class="[a-z0-9 ]+">', "", drawn)
        assert not set("<>\x1b") & set(rest), drawn
        assert unpack(pack(pen)) == pen

    tried(length, number, damaged(_LINES), look)


def changes(length: settings, number: int | None = None) -> None:
    """Local changes: every line comes out again."""

    def look(content: bytes) -> None:
        text = content.decode("utf-8", "replace")
        found = [line.text for file in parse(text) for line in file.lines]
        assert [line for line in found if line] == [line for line in text.split("\n") if line]

    tried(length, number, damaged(_CHANGES), look)


def addresses(length: settings, number: int | None = None) -> None:
    """Addresses of repositories: what is taken is harmless to git and ssh."""

    def look(content: bytes) -> None:
        try:
            url = check_url(content.decode("utf-8", "surrogateescape"))
        except BadUrl as error:
            assert str(error)
            return
        host, port = host_and_port(url)
        assert not url.startswith("-") and not host.startswith("-") and 0 < port < 65536
        assert "::" not in url.partition("/")[0] and not is_local(url)
        assert canonical(url) and for_git(url).isprintable()

    tried(length, number, damaged(_URLS), look)


def secrets(length: settings, number: int | None = None) -> None:
    """A stream with secrets in it: none comes out, and any pieces give the same as the whole."""
    mask = Mask([_SECRET.decode()])

    def masked(pieces: list[bytes]) -> bytes:
        stream = mask.stream()
        return b"".join([*map(stream.feed, pieces), stream.end()])

    def look(drawn: tuple[bytes, int]) -> None:
        content, step = drawn[0], max(drawn[1], len(drawn[0]) // 300)
        whole = masked([content])
        assert whole == masked([content[n : n + step] for n in range(0, len(content), step)])
        assert _SECRET not in whole and base64.b64encode(_SECRET).rstrip(b"=") not in whole

    tried(length, number, st.tuples(damaged(_STREAMS), st.integers(1, 40)), look)
