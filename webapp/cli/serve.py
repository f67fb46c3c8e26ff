"""`flask --app wsgi serve`: everything in one process."""

import click
from flask import current_app
from flask.cli import with_appcontext

from webapp.config import ConfigurationError
from webapp.public_url import listening_url
from webapp.requests_log import configure_logging
from webapp.server import Server
from webapp.start import one_time_setup_path, prepare


@click.command()
@with_appcontext
def serve() -> None:
    """Migrate the database, then serve pages, API and agents, and run the scheduler."""
    app = current_app._get_current_object()  # the proxy ends with this context
    settings = app.extensions["settings"]
    configure_logging(settings.log_level, settings.log_format)
    try:
        prepare(app)
        server = Server(app)
    except ConfigurationError as error:
        raise click.ClickException(f"Not started: {error}") from None
    url = listening_url(settings.model_copy(update={"port": server.port}))
    click.echo(f"Runners is ready at {url}/")
    setup = one_time_setup_path(app)
    if setup:
        click.echo(f"Make the first account (this link works once): {url}{setup}")
    server.stop_on_signals()
    server.run()
