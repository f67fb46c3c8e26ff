"""`flask --app wsgi restore FILE`: the books of a backup in an empty data directory."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from webapp.cli.sqlite_file import copy_database, database_file, one_value
from webapp.config import ConfigurationError
from webapp.engine.words import count
from webapp.keyring import opens
from webapp.models.instance import living_instances
from webapp.start import prepare


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def restore(file: Path) -> None:
    """Take the database of FILE. Machines that still run are taken over when the server starts."""
    target = database_file()
    if target.exists():
        raise click.ClickException(f"{target} exists: move it away, or choose another DATA_DIR.")
    _check(file)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy_database(file, target)
    try:
        prepare(current_app._get_current_object(), practice=None)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from None
    machines = count(len(living_instances()), "machine")
    click.echo(f"Restored to {target}; {machines} in the books.")
    click.echo("Make sure that the server it came from is stopped before you start this one.")


def _check(file: Path) -> None:
    """Raise ClickException unless it is a database of ours that our key opens."""
    sealed = one_value(file, "SELECT sealed_digest_key FROM installation")
    if not isinstance(sealed, str):
        raise click.ClickException(f"{file} is not a backup of this program.")
    if not opens(current_app.extensions["keyring"], sealed):
        place = current_app.extensions["settings"].data_dir / "encryption.key"
        raise click.ClickException(
            f"The encryption key does not open {file}: put the key it was made with into {place} "
            "or the setting ENCRYPTION_KEY. Nothing was changed."
        )
