"""`flask --app wsgi rotate-key`: after a new key was put in front of the old one."""

import click
from cryptography.fernet import InvalidToken
from flask import current_app
from flask.cli import with_appcontext

from webapp.cli.operator import operator
from webapp.clock import now
from webapp.config import ConfigurationError
from webapp.models.rotation import reseal_everything
from webapp.models.transaction import writing
from webapp.start import prepare


@click.command("rotate-key")
@with_appcontext
def rotate_key() -> None:
    """Seal every secret with the first key of ENCRYPTION_KEY; the others may go afterwards."""
    try:
        prepare(current_app._get_current_object(), practice=None)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from None
    try:
        with writing():
            count = reseal_everything(operator(), now())
    except InvalidToken:
        raise click.ClickException(
            "A secret opens with none of the keys of ENCRYPTION_KEY; nothing was changed."
        ) from None
    click.echo(f"{count} secrets are sealed with the first key of ENCRYPTION_KEY now.")
