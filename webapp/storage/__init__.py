"""Where logs and artifacts are kept: local files; artifacts also in S3."""

from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

from flask import current_app

from webapp.storage.checks import Checks
from webapp.storage.content import CannotKeep
from webapp.storage.local import LocalStore
from webapp.storage.logs import LogStore
from webapp.storage.s3 import S3Store
from webapp.storage.s3_client import s3_client

Store = LocalStore | S3Store


def log_store() -> LogStore:
    """The logs of this installation: local files, also when artifacts are in S3."""
    return LogStore(current_app.extensions["settings"].data_dir / "logs")


def artifact_store() -> Store:
    """Where new artifacts go."""
    bucket = current_app.extensions["settings"].s3_bucket
    return store_named(f"s3:{bucket}" if bucket else "local")


def store_named(name: str) -> Store:
    """Where a blob lies: the store may be another one than today's. Raises CannotKeep."""
    settings = current_app.extensions["settings"]
    if name == "local":
        return LocalStore(settings.data_dir / "artifacts")
    if not settings.s3_bucket:
        raise CannotKeep(f"It is in the bucket {name[3:]}: set S3_BUCKET to read it.")
    return S3Store(_client(settings), name.removeprefix("s3:"), checks=not settings.s3_endpoint)


def opener(rows: Iterable[Any]) -> Callable[[Any], BinaryIO]:
    """Opens the contents of these rows, also when the request is over. Raises CannotKeep."""
    stores = {name: store_named(name) for name in {row.store for row in rows}}
    return lambda row: stores[row.store].open(row)


def the_checks() -> Checks:
    """The readings of this process."""
    return current_app.extensions.setdefault("artifact_checks", Checks())


def _client(settings):
    known = current_app.extensions
    if "s3" not in known:
        keys = (settings.s3_access_key_id, settings.s3_secret_access_key)
        known["s3"] = s3_client(settings.s3_endpoint, settings.s3_region, *keys)
    return known["s3"]
