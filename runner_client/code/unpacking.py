"""An archive as the folder of a job."""

from __future__ import annotations

import os
import shutil
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import IO, Iterator, NamedTuple

from runner_client.code.pieces import download
from runner_client.preparation import CannotRun, Preparation

_BROKEN = (tarfile.TarError, zipfile.BadZipFile, EOFError, zlib.error, ValueError)
_LINK, _TYPE = 0o120000, 0o170000


class _Member(NamedTuple):
    """`content` None: a folder, or a link to `target`."""

    name: str
    content: IO[bytes] | None
    runs: bool = False
    target: str = ""
    same_as: str = ""


def unpack_archive(preparation: Preparation, digest: str, size: int) -> None:
    """Raises CannotRun, Refused, Ended, Over, OSError."""
    folder = preparation.job.folder
    path = folder.path / "archive"
    try:
        if download(preparation, "archive", path, size) != digest:
            raise CannotRun("The archive that the server sent is not the one that was submitted.")
        unpack(path, folder.work, preparation)
    finally:
        path.unlink()
    preparation.say("The archive is unpacked (%d bytes)" % size)


def unpack(path: Path, work: Path, preparation: Preparation) -> None:
    """Raises CannotRun, Ended, OSError. The server has looked at every member; here nothing is
    written through a link all the same, because links are made last."""
    links: dict[Path, str] = {}
    try:
        for member in _members(path):
            preparation.line.check()
            place = work.joinpath(*_parts(member.name))
            if member.target:
                links[place] = member.target
            elif member.same_as:
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(str(work.joinpath(*_parts(member.same_as))), str(place))
            elif member.content is None:
                place.mkdir(parents=True, exist_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                _write(place, member.content, member.runs)
    except _BROKEN as error:
        raise CannotRun("The archive cannot be unpacked: %s." % error) from None
    for place, target in links.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        os.symlink(target, place)


def _parts(name: str) -> list[str]:
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or ".." in parts:
        raise ValueError("%s leaves the folder" % name)
    return parts


def _write(place: Path, content: IO[bytes], runs: bool) -> None:
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o777 if runs else 0o666)
    with os.fdopen(handle, "wb") as file:
        shutil.copyfileobj(content, file, 1024 * 1024)


def _members(path: Path) -> Iterator[_Member]:
    with path.open("rb") as file:
        is_zip = file.read(2) == b"PK"
    return _of_zip(path) if is_zip else _of_tar(path)


def _of_tar(path: Path) -> Iterator[_Member]:
    with tarfile.open(str(path), "r|*") as archive:
        for entry in archive:
            if entry.issym():
                yield _Member(entry.name, None, target=entry.linkname)
            elif entry.islnk():
                yield _Member(entry.name, None, same_as=entry.linkname)
            elif entry.isreg():
                yield _Member(entry.name, archive.extractfile(entry), bool(entry.mode & 0o100))
            elif entry.isdir():
                yield _Member(entry.name, None)
            else:
                raise ValueError("%s is no file" % entry.name)
            archive.members = []  # it would remember all of them


def _of_zip(path: Path) -> Iterator[_Member]:
    with zipfile.ZipFile(str(path)) as archive:
        for entry in archive.infolist():
            mode = entry.external_attr >> 16
            if entry.is_dir():
                yield _Member(entry.filename, None)
                continue
            with archive.open(entry) as file:
                if mode & _TYPE == _LINK:
                    yield _Member(entry.filename, None, target=os.fsdecode(file.read()))
                else:
                    yield _Member(entry.filename, file, bool(mode & 0o100))
