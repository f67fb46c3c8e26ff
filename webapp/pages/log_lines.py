"""Bytes of a log -> lines to show, each with the offset at which it begins. Pure."""

from typing import NamedTuple

from markupsafe import Markup

from webapp.pages.ansi import Pen, draw

LONGEST = 8192  # bytes of one line; longer ones are broken
_UNFINISHED = 64  # how far back an escape sequence that is cut may begin


class Line(NamedTuple):
    """`at`: offset of its first byte in the log."""

    at: int
    text: Markup


class Piece(NamedTuple):
    """Whole lines; then what has no end yet, to be read again from `rest_at` with `pen`; `end`:
    offset behind the last byte looked at."""

    lines: list[Line]
    rest: Line | None
    rest_at: int
    pen: Pen
    end: int


def cut(data: bytes, start: int, pen: Pen, ended: bool = False) -> Piece:
    """Lines of `data`, which begins at `start` of the log; `ended`: nothing will follow."""
    pen = dict(pen)
    lines, at = [], 0
    while at < len(data):
        end = data.find(b"\n", at, at + LONGEST)
        after = end + 1
        if end < 0:
            whole = len(data) - at > LONGEST
            if not (whole or ended):
                break
            end = after = _broken(data, at) if whole else len(data)
        lines.append(Line(start + at, draw(_text(data[at:end]), pen)))
        at = after
    rest = Line(start + at, draw(_text(data[at:]), dict(pen))) if at < len(data) else None
    return Piece(lines, rest, start + at, pen, start + len(data))


def _broken(data: bytes, at: int) -> int:
    """Where to break a line that is too long: not inside a character or an escape sequence."""
    end = at + LONGEST
    escape = data.rfind(b"\x1b", end - _UNFINISHED, end)
    if escape > at and b"m" not in data[escape:end]:
        return escape
    while end > at + LONGEST - 4 and data[end] & 0xC0 == 0x80:
        end -= 1
    return end


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace")
