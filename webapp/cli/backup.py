"""`flask --app wsgi backup FILE`: the books, while the server runs."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from webapp.cli.sqlite_file import copy_database, database_file


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write a copy of the database to FILE. Keys are not in it, logs and artifacts neither."""
    source = database_file()
    if not source.exists():
        raise click.ClickException(f"There is no database at {source} yet: start the server once.")
    if file.exists():
        raise click.ClickException(f"{file} exists already: choose another name.")
    if not file.parent.is_dir():
        raise click.ClickException(f"There is no folder {file.parent}.")
    copy_database(source, file)
    settings = current_app.extensions["settings"]
    own = None if settings.encryption_key else settings.data_dir / "encryption.key"
    key = f"the file {own}" if own else "the setting ENCRYPTION_KEY"
    click.echo(f"{file} holds the database ({file.stat().st_size} bytes), its secrets sealed.")
    click.echo(f"They open with {key} only: keep that in another place than this file.")
