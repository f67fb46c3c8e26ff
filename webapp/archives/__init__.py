"""Code that was sent as an archive: checked, read, and kept as a file under its SHA-256."""

from webapp.archives.reading import BadArchive, look_into
from webapp.archives.store import ArchiveStore, TooLarge, archive_store

__all__ = ["ArchiveStore", "BadArchive", "TooLarge", "archive_store", "look_into"]
