"""Where logs are kept: local files."""

from flask import current_app

from webapp.storage.logs import LogStore


def log_store() -> LogStore:
    """The logs of this installation."""
    return LogStore(current_app.extensions["settings"].data_dir / "logs")
