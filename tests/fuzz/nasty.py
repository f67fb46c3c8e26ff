"""What somebody sends who wants to break something."""

import json
from typing import Any

from hypothesis import strategies as st

# Markup that is easy to find again in a page that forgot to escape it.
MARKUP = ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>')
TEXTS = st.one_of(
    st.sampled_from(
        (
            *MARKUP,
            *("\x1b]0;title\x07\x1b[2J\x1b[31mred", "\x1b[8mhidden\x1b[0m", "\r\nSet-Cookie: a=b"),
            *("../../etc/passwd", "/etc/passwd", "..\\..\\boot.ini", "a/../../b", ".", "con"),
            *("a\0b", "\ud800", "\udcff", "\u202egnp.exe", "\ufeff", "\U0001f4a5", "e\u0301" * 50),
            *("'; DROP TABLE job; --", "{{ 7 * 7 }}", "${{ secrets }}", "%s%n%x", "$(reboot)"),
            *("x" * 101, "x" * 5000, "1e400", "NaN", "-0", "", " ", "true", "null"),
        )
    ),
    st.text(max_size=30),
)
NUMBERS = st.one_of(
    st.sampled_from((0, 1, -1, 2, 2**31, 2**53, 2**62, 2**63, 2**64, 10**30, 1e308, -0.0, 0.5)),
    st.integers(),
    st.floats(),
)
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)
VALUES = st.one_of(
    LEAVES,
    st.recursive(
        LEAVES,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
        max_leaves=6,
    ),
)
BYTES = st.one_of(
    st.sampled_from(
        (
            *(b"", b"\0", b"\xff\xfe\xfa", b"{", b"\xef\xbb\xbf{}"),
            *(text.encode() for text in MARKUP),
            *(b"\x1b[31mred\x1b]8;;javascript:alert(1)\x07x\x1b]8;;\x07\r\rover\n",),
            *(b'{"attempt": 1, "attempt": 2}', b'{"attempt": 1e999}', b'{"attempt": 01}'),
        )
    ),
    st.binary(max_size=60),
    st.sampled_from((b"[", b'{"a":', b"x")).map(lambda piece: piece * 20_000),
)


@st.composite
def mangled(draw: Any, valid: dict[str, Any]) -> bytes:
    """A body that was right, with a thing or two changed; now and then no JSON at all."""
    body = json.loads(json.dumps(valid))
    for _ in range(draw(st.sampled_from((0, 0, 1, 1, 1, 2, 3)))):
        _change(draw, body)
    content = json.dumps(body).encode()
    kind = draw(st.sampled_from("wwwwwwwwwwwwwwcb"))
    if kind == "c":
        return content[: draw(st.integers(0, len(content)))]
    return draw(BYTES) if kind == "b" else content


def _change(draw: Any, body: dict[str, Any]) -> None:
    place = draw(st.sampled_from(list(_places(body)) or [("attempt",)]))
    inner: Any = body
    for step in place[:-1]:
        inner = inner[step]
    what = draw(st.sampled_from(("replace", "replace", "remove", "add")))
    if what == "remove":
        inner.pop(place[-1], None) if isinstance(inner, dict) else inner.pop(place[-1])
    elif what == "replace":
        inner[place[-1]] = draw(VALUES)
    elif isinstance(inner, list):
        inner.append(draw(VALUES))
    else:
        inner[draw(TEXTS)] = draw(VALUES)


def _places(value: Any, path: tuple = ()) -> Any:
    """Paths to everything inside; the last step may be removed or replaced."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from _places(inner, (*path, key))
