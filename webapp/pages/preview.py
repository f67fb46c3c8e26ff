"""What of a file can be shown, and how: only its first part is read."""

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import BinaryIO

MOST_BYTES = 256 * 1024
MOST_ROWS, MOST_COLUMNS, MOST_IN_CELL = 200, 50, 200
_LOOK = 8192  # bytes in which a file that is no text shows it

# An SVG is a document that may run scripts: it is shown as text.
IMAGES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
_TABLES = {".csv": ",;\t", ".tsv": "\t"}


@dataclass(frozen=True, slots=True)
class Preview:
    """`kind`: image, table, text, or nothing; `cut`: only the beginning is shown."""

    kind: str
    text: str = ""
    rows: list[list[str]] = field(default_factory=list)
    cut: bool = False


def preview_of(path: str, size: int, file: BinaryIO) -> Preview:
    """By its name and its first bytes."""
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in IMAGES:
        return Preview("image")
    raw = file.read(MOST_BYTES)
    if not _is_text(raw):
        return Preview("nothing")
    text, cut = raw.decode("utf-8-sig", "replace"), size > len(raw)
    rows = _rows(text, _TABLES[suffix], cut) if suffix in _TABLES else None
    if rows:
        shown = [[cell[:MOST_IN_CELL] for cell in row[:MOST_COLUMNS]] for row in rows[:MOST_ROWS]]
        return Preview("table", rows=shown, cut=cut or len(rows) > MOST_ROWS)
    return Preview("text", text=text, cut=cut)


def _is_text(raw: bytes) -> bool:
    if b"\0" in raw[:_LOOK]:
        return False
    strange = raw[:_LOOK].decode("utf-8", "replace").count("\ufffd")
    return strange * 20 <= min(len(raw), _LOOK)


def _rows(text: str, separators: str, cut: bool) -> list[list[str]]:
    if cut:  # its last line is a part of one
        text = text.rpartition("\n")[0]
    first = re.sub('"[^"]*"', "", text.partition("\n")[0])
    separator = max(separators, key=first.count)
    found: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            found.append(row)
            if len(found) > MOST_ROWS:
                break
    except csv.Error:
        return []
    return [row for row in found if row]
