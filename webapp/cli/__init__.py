"""Commands: `flask --app wsgi serve`, `… user create …`, `… backup FILE`."""

from flask import Flask

from webapp.cli.backup import backup
from webapp.cli.restore import restore
from webapp.cli.rotate_key import rotate_key
from webapp.cli.serve import serve
from webapp.cli.user import user


def register(app: Flask) -> None:
    """Hang the commands on the application."""
    for command in (backup, restore, rotate_key, serve, user):
        app.cli.add_command(command)
