"""From the bytes of a request to an archive that is kept, and back to its workflow files."""

from dataclasses import dataclass
from pathlib import Path
from typing import IO

from webapp.archives.reading import BadArchive, look_into
from webapp.archives.store import ArchiveStore
from webapp.engine.workflow_places import VARIABLES, WORKFLOWS, Files

_UNPACKED = 10  # times as large as the archive may be


@dataclass(frozen=True, slots=True)
class Archive:
    """`sha` names it in the store."""

    sha: str
    size: int
    files: Files


def receive_archive(store: ArchiveStore, source: IO[bytes], maximum: int) -> Archive:
    """Check it whole, and keep it; raises BadArchive, TooLarge, OSError."""
    with store.receiving(source, maximum) as received:
        files = _files(received.path, maximum)
        received.keep()
    return Archive(received.sha, received.size, files)


def kept_archive(store: ArchiveStore, sha: str, maximum: int) -> Archive | None:
    """One that was received a while ago; None when it is not here any more."""
    try:
        size = store.size(sha)
    except ValueError:
        return None
    return None if size is None else Archive(sha, size, _files(store.path(sha), maximum))


def _files(path: Path, maximum: int) -> Files:
    texts = look_into(path, maximum * _UNPACKED, (WORKFLOWS, VARIABLES)).texts
    found = {name: _text(name, content) for name, content in texts.items()}
    if WORKFLOWS not in found:
        raise BadArchive(f"There is no {WORKFLOWS} at the top of the archive.")
    return Files(found[WORKFLOWS], found.get(VARIABLES))


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadArchive(f"{name} is not text in UTF-8.") from None
