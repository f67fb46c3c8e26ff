"""The members of a tar archive, packed by gzip or not."""

import gzip
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from webapp.engine.archive_members import Kind, Member

# Long names and the like are read into memory whole, whatever they say their size is.
_MOST_ABOUT_ONE = 1024 * 1024
_MOST_PADDING = 1024 * 1024
_ABOUT_OTHERS = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)


class _Entry(tarfile.TarInfo):
    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type in _ABOUT_OTHERS and self.size > _MOST_ABOUT_ONE:
            raise tarfile.ReadError("a header of more than 1 MiB")
        return super()._proc_member(archive)  # type: ignore[misc]

    def _proc_sparse(self, *_: object) -> tarfile.TarInfo:
        raise tarfile.ReadError("a file with holes; make the archive without --sparse")

    _proc_gnusparse_00 = _proc_gnusparse_01 = _proc_gnusparse_10 = _proc_sparse


def members(path: Path, packed: bool) -> Iterator[tuple[Member, IO[bytes] | None]]:
    """Each member and, of a file, its content, to be read before the next one is asked for."""
    with gzip.open(path) if packed else path.open("rb") as file:
        # `r|` goes through it once: nothing is kept, and nothing is looked for at its end.
        with tarfile.open(fileobj=file, mode="r|", tarinfo=_Entry) as archive:
            for entry in archive:
                kind = _kind(entry)
                member = Member(entry.name, kind, entry.size, entry.linkname)
                yield member, archive.extractfile(entry) if kind == Kind.FILE else None
                archive.members.clear()  # it would remember all of them
        _read_to_the_end(file)


def _read_to_the_end(file: IO[bytes]) -> None:
    """gzip tells only there whether everything was right."""
    padding = 0
    while piece := file.read(64 * 1024):
        padding += len(piece)
        if padding > _MOST_PADDING:
            raise tarfile.ReadError("it goes on after its end")


def _kind(entry: tarfile.TarInfo) -> Kind:
    if entry.type == tarfile.GNUTYPE_SPARSE:
        return Kind.OTHER
    if entry.isreg():
        return Kind.FILE
    if entry.isdir():
        return Kind.FOLDER
    if entry.issym():
        return Kind.LINK
    return Kind.HARD_LINK if entry.islnk() else Kind.OTHER
