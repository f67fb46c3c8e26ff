"""What has to be true before the application serves: schema up to date, key fitting."""

import secrets
import time
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from webapp.config import ConfigurationError
from webapp.extensions import db
from webapp.models.installation import Installation, digest, open_installation
from webapp.models.transaction import writing
from webapp.models.user import anybody

_MIGRATIONS = str(Path(__file__).resolve().parent.parent / "migrations")
_PATIENCE_SECONDS = 30  # for a database that starts at the same time as we do


def prepare(app: Flask, practice: bool | None = False) -> None:
    """Migrate and open the installation; raises ConfigurationError in one sentence.

    `practice`: whether this may only be a practice installation, or only a real one; None: either.
    """
    with app.app_context():
        _reach_database()
        flask_migrate.upgrade(directory=_MIGRATIONS)
        open_installation(app.extensions["clock"](), practice)


def one_time_setup_path(app: Flask) -> str | None:
    """The path that opens the page for the first admin; None when there is an account already.

    A new one at each start: the one before it stops working.
    """
    with app.app_context():
        if anybody():
            return None
        secret = secrets.token_urlsafe(24)
        with writing():
            db.session.execute(update(Installation).values(setup_digest=digest(secret)))
    return f"/setup?token={secret}"


def _reach_database() -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            with db.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
                return
        except DBAPIError as error:
            remote = db.engine.dialect.name != "sqlite"
            if not remote or time.monotonic() > deadline:
                where = db.engine.url.render_as_string(hide_password=True)
                reason = str(error.orig).strip().splitlines()[0]
                raise ConfigurationError(
                    f"The database {where} cannot be opened: {reason}"
                ) from None
            time.sleep(0.5)
