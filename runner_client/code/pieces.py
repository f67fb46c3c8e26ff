"""A file of the server, fetched in pieces."""

from __future__ import annotations

import hashlib
from pathlib import Path

from runner_client.preparation import CannotRun, Preparation


def download(preparation: Preparation, what: str, path: Path, size: int) -> str:
    """Write `POST jobs/<job>/<what>` to the path; its SHA-256. Raises CannotRun, Refused, Ended,
    Over, OSError."""
    key, digest, offset = preparation.job.key, hashlib.sha256(), 0
    with path.open("xb") as file:
        while offset < size:
            body = {"attempt": key.attempt, "offset": offset}
            piece = preparation.line.fetch("jobs/%s/%s" % (key.job, what), body)
            if not piece or offset + len(piece) > size:
                raise CannotRun("The server sent another %s than it said." % what)
            file.write(piece)
            digest.update(piece)
            offset += len(piece)
    return digest.hexdigest()
