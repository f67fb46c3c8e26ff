"""One look through an archive, from its first byte to its last, without unpacking it."""

import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from webapp.archives import tar_members, zip_members
from webapp.engine.archive_members import BadMember, Contents, Kind, Member

_PIECE = 256 * 1024
_LONGEST_TEXT = 4 * 1024 * 1024
_BROKEN = (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError, zlib.error, lzma.LZMAError)
_MORE_BROKEN = (ValueError, NotImplementedError, UnicodeError, RuntimeError, OverflowError)


class BadArchive(Exception):
    """One sentence: why this archive is not taken."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was found; `texts` has those files that were wanted and are there."""

    members: int
    size: int
    texts: dict[str, bytes] = field(default_factory=dict)


def look_into(path: Path, most_bytes: int, wanted: tuple[str, ...] = ()) -> Look:
    """Check every member and every byte; raises BadArchive. `most_bytes`: of all files unpacked."""
    contents, texts = Contents(most_bytes), {}
    try:
        for member, file in _members(path):
            place = contents.take(member)
            if file is not None and place is not None:
                text = _read(member, file, wanted=place in wanted)
                texts |= {place: text} if place in wanted else {}
        contents.finish()
    except BadMember as error:
        raise BadArchive(str(error)) from None
    except (*_BROKEN, *_MORE_BROKEN) as error:
        raise BadArchive(f"The archive is damaged: {_words(error)}.") from None
    return Look(len(contents.kinds), contents.size, texts)


def _members(path: Path) -> Iterator[tuple[Member, IO[bytes] | None]]:
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return zip_members.members(path)
    if head.startswith(b"\x1f\x8b") or head[257:262] == b"ustar":
        return tar_members.members(path, packed=head.startswith(b"\x1f\x8b"))
    raise BadArchive("This is no archive: send a .tar.gz or a .zip.")


def _read(member: Member, file: IO[bytes], wanted: bool) -> bytes:
    """The content if it is wanted; read in any case, so that what is damaged is found now."""
    kept, size = bytearray(), 0
    while piece := file.read(_PIECE):
        size += len(piece)
        if size > member.size:
            raise BadMember(member.name, "it is longer than the archive says.")
        if wanted and size > _LONGEST_TEXT:
            raise BadMember(member.name, f"it has more than {_LONGEST_TEXT // 1024 // 1024} MiB.")
        kept += piece if wanted else b""
    if size != member.size or member.kind != Kind.FILE:
        raise BadMember(member.name, "it is shorter than the archive says.")
    return bytes(kept)


def _words(error: Exception) -> str:
    text = str(error).strip().rstrip(".") or type(error).__name__
    return "".join(each for each in text[:200] if each.isprintable())
