"""Commands: `flask --app wsgi serve`, `… user create …`."""

from flask import Flask

from webapp.cli.rotate_key import rotate_key
from webapp.cli.serve import serve
from webapp.cli.user import user


def register(app: Flask) -> None:
    """Hang the commands on the application."""
    app.cli.add_command(rotate_key)
    app.cli.add_command(serve)
    app.cli.add_command(user)
