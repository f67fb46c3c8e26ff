"""This deployment: one row, made once. Its id marks everything that we own elsewhere."""

import hashlib
import hmac
import secrets
import uuid

from flask import current_app
from sqlalchemy import insert, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.config import ConfigurationError
from webapp.extensions import db
from webapp.keyring import opens
from webapp.models.columns import Moment
from webapp.models.transaction import writing

_WRONG_KEY = (
    "The encryption key does not open this database. Give back the key it was started with: the "
    "file encryption.key of the data directory, or the setting ENCRYPTION_KEY."
)


class Installation(db.Model):
    """`digest_key` is sealed: without the encryption key no stored digest can be tried out."""

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str]
    sealed_digest_key: Mapped[str]
    setup_digest: Mapped[str | None]
    practice: Mapped[bool]
    created_at: Mapped[Moment]


_PRACTICE_ROWS = (
    "This database was made in practice mode: start it with --practice, or choose another "
    "DATA_DIR or DATABASE_URL for real work."
)
_REAL_ROWS = (
    "This database is not a practice one, so --practice must not touch it: choose another "
    "DATA_DIR or DATABASE_URL."
)


def open_installation(now: int, practice: bool | None = False) -> None:
    """Make the row if this is the first start, and check that our key opens it.

    `practice` None: whichever it is. Raises ConfigurationError when the encryption key is not
    the one of this database, or when practice rows and real work would meet.
    """
    keyring = current_app.extensions["keyring"]
    with writing():
        if db.session.get(Installation, 1) is None:
            row = {"id": 1, "uuid": str(uuid.uuid4()), "created_at": now}
            row["practice"] = bool(practice)
            row["sealed_digest_key"] = keyring.seal(secrets.token_hex(32))
            db.session.execute(insert(Installation).values(row))
    if not opens(keyring, the_installation().sealed_digest_key):
        raise ConfigurationError(_WRONG_KEY)
    if practice is not None and the_installation().practice != practice:
        raise ConfigurationError(_REAL_ROWS if practice else _PRACTICE_ROWS)
    current_app.extensions.pop("digest_key", None)


def the_installation() -> Installation:
    """The one row; `open_installation` has made it."""
    return db.session.execute(select(Installation)).scalar_one()


def digest(secret: str) -> str:
    """The keyed digest (HMAC-SHA-256, hex) by which a secret is looked up."""
    extensions = current_app.extensions
    if "digest_key" not in extensions:
        sealed = the_installation().sealed_digest_key
        extensions["digest_key"] = bytes.fromhex(extensions["keyring"].open(sealed))
    return hmac.new(extensions["digest_key"], secret.encode(), hashlib.sha256).hexdigest()
