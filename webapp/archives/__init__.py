"""Code that was sent as an archive: checked, read, and kept as a file under its SHA-256."""

from webapp.archives.reading import BadArchive, look_into
from webapp.archives.receiving import Archive, kept_archive, receive_archive
from webapp.archives.store import ArchiveStore, TooLarge, archive_store

__all__ = [
    "Archive",
    "ArchiveStore",
    "BadArchive",
    "TooLarge",
    "archive_store",
    "kept_archive",
    "look_into",
    "receive_archive",
]
