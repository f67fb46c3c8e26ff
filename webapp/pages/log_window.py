"""Which part of a log a page shows: the end of it, or the surroundings of one line."""

from typing import Any, NamedTuple

from webapp.pages.log_lines import Line, Piece, cut
from webapp.storage import log_store

LENGTH = 256 * 1024
MOST_LINES = 3000
_BEFORE = 32 * 1024  # shown above a line that was linked to
_SEARCH = 16 * 1024


class Window(NamedTuple):
    """`earlier`, `later`: offsets to go on at, None at the ends of the log."""

    lines: list[Line]
    piece: Piece
    earlier: int | None
    later: int | None
    size: int


def tail_window(job: str, attempt: int, ended: bool) -> Window:
    """The end of a log."""
    size = log_store().size(job, attempt)
    start = _line_start(job, attempt, max(0, size - LENGTH))
    piece = cut(log_store().read(job, attempt, start, size - start), start, {}, ended)
    lines = piece.lines[-MOST_LINES:]
    first = lines[0].at if lines else start
    return Window(lines, piece, _page_before(first) if first else None, None, size)


def window_at(job: str, attempt: int, offset: int, ended: bool, before: int = _BEFORE) -> Window:
    """The surroundings of the line that begins at `offset`."""
    size = log_store().size(job, attempt)
    start = _line_start(job, attempt, max(0, min(offset, size) - before))
    data = log_store().read(job, attempt, start, LENGTH)
    reaches_end = start + len(data) >= size
    piece = cut(data, start, {}, ended and reaches_end)
    lines, later = piece.lines[:MOST_LINES], None
    if len(piece.lines) > MOST_LINES:
        later = piece.lines[MOST_LINES].at
    elif not reaches_end:
        later = piece.rest_at
    return Window(lines, piece, _page_before(start) if start else None, later, size)


def news(job: str, attempt: int, offset: int, pen: dict[str, str], ended: bool) -> Any:
    """What follows `offset`: (bytes left out, piece, size). A reader who is far behind is taken to
    the end."""
    store = log_store()
    size, left_out = store.size(job, attempt), 0
    if size - offset > 4 * LENGTH:
        start = _line_start(job, attempt, size - LENGTH)
        left_out, offset, pen = start - offset, start, {}
    data = store.read(job, attempt, offset, min(LENGTH, size - offset))
    reaches_end = offset + len(data) >= size
    return left_out, cut(data, offset, pen, ended and reaches_end), size


def _page_before(offset: int) -> int:
    return max(0, offset - LENGTH // 2)


def _line_start(job: str, attempt: int, offset: int) -> int:
    """The first beginning of a line from here on; `offset` itself when none is near."""
    if offset == 0:
        return 0
    data = log_store().read(job, attempt, offset - 1, _SEARCH)
    found = data.find(b"\n")
    return offset + found if found >= 0 else offset
