"""The members of a zip archive."""

import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from webapp.engine.archive_members import Kind, Member

_TAKEN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
# The list of members is read into memory whole.
_MOST_LISTED = 8 * 1024 * 1024
_END = struct.Struct("<4s4H2LH")
_LONGEST_TAIL = 65535 + _END.size
_LONGEST_TARGET = 1000


def members(path: Path) -> Iterator[tuple[Member, IO[bytes] | None]]:
    """Each member and, of a file, its content, to be read before the next one is asked for."""
    _check_list(path)
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.flag_bits & _ENCRYPTED:
                raise zipfile.BadZipFile(f"{entry.filename[:100]!r} is encrypted")
            if entry.compress_type not in _TAKEN:
                raise zipfile.BadZipFile(f"{entry.filename[:100]!r} is packed in an unusual way")
            yield from _member(archive, entry)


def _member(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo
) -> Iterator[tuple[Member, IO[bytes] | None]]:
    kind = _kind(entry)
    if kind == Kind.LINK:
        with archive.open(entry) as file:
            target = file.read(_LONGEST_TARGET + 1).decode("utf-8", "replace")
        yield Member(entry.filename, kind, entry.file_size, target), None
    elif kind == Kind.FILE:
        with archive.open(entry) as file:
            yield Member(entry.filename, kind, entry.file_size), file
    else:
        yield Member(entry.filename, kind), None


def _kind(entry: zipfile.ZipInfo) -> Kind:
    if entry.is_dir():
        return Kind.FOLDER
    mode = stat.S_IFMT(entry.external_attr >> 16)
    if mode == stat.S_IFLNK:
        return Kind.LINK
    return Kind.FILE if mode in (0, stat.S_IFREG) else Kind.OTHER


def _check_list(path: Path) -> None:
    """Raise BadZipFile when the list of members says that it is very long."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _LONGEST_TAIL))
        tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < _END.size:
        raise zipfile.BadZipFile("its end is missing")
    listed = _END.unpack_from(tail, place)[5]
    if listed > _MOST_LISTED:
        raise zipfile.BadZipFile("it lists too many members")
