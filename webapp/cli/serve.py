"""`flask --app wsgi serve`: everything, in as many processes as PROCESSES says."""

import ctypes
import gc
import os
import resource
import sys
from contextlib import ExitStack, closing, suppress
from socket import socket

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from webapp.config import ConfigurationError
from webapp.database import is_sqlite
from webapp.extensions import db
from webapp.host_names import open_to_any_name
from webapp.neighbours import Lines, Neighbours, lines
from webapp.practice import begin_practice
from webapp.processes import Further, keep_to_one_processor, when_told_to_end
from webapp.public_url import listening_url
from webapp.requests_log import configure_logging
from webapp.server import Server, listen
from webapp.start import one_time_setup_path, prepare
from webapp.trouble import trouble_of

# Every statement of the database gives the interpreter away and has to get it back, up to so much
# later while another thread computes; one request has dozens. Python's own 5 ms add up to seconds.
_TURN_SECONDS = 0.0005
_MOST_ARENAS = -8  # M_ARENA_MAX of glibc's malloc.h


@click.command()
@click.option("--practice", is_flag=True, help="A simulated AWS instead of a real one.")
@with_appcontext
def serve(practice: bool) -> None:
    """Migrate the database, then serve pages, API and agents, and run the scheduler."""
    app = current_app._get_current_object()  # the proxy ends with this context
    settings = app.extensions["settings"]
    _write_no_core_files()
    _share_memory_among_threads()
    sys.setswitchinterval(_TURN_SECONDS)
    configure_logging(settings.log_level, settings.log_format)
    with ExitStack() as stack:
        try:
            if practice:
                begin_practice(app, stack)
            prepare(app, practice)
            listening = listen(app)
            # From the greeting on; the server itself hears of it once there is one.
            when_told_to_end(lambda *_: sys.exit(0))
            _greet(app, listening_url(app.extensions["settings"]), practice)
        except ConfigurationError as error:
            raise click.ClickException(f"Not started: {error}") from None
        except Exception as error:
            trouble = trouble_of(error)
            if trouble is None:
                raise
            raise click.ClickException(f"Not started: {trouble.sentence}") from None
        _serve_all(app, listening)


def _serve_all(app: Flask, listening: socket) -> None:
    """We are the process that leads; the others are further ones."""
    processes, leader = app.extensions["settings"].processes, os.getpid()
    ways = lines(processes)
    _let_go(app)

    def serve_one(number: int) -> None:
        keep_to_one_processor(leader, number, processes)
        _serve_one(app, listening, ways, number)

    if processes == 1:
        serve_one(0)
        return
    with closing(Further(processes - 1, serve_one)):
        serve_one(0)


def _serve_one(app: Flask, listening: socket, ways: Lines, number: int) -> None:
    server = Server(app, listening, leads=number == 0)
    with app.app_context():
        told = not is_sqlite(db.engine)
    neighbours = Neighbours(app, ways, number, told)
    neighbours.start()
    _collect_less()
    server.stop_on_signals()
    server.run()
    neighbours.stop()


def _let_go(app: Flask) -> None:
    """Processes share no connection to the database."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    gc.freeze()  # what is there now is shared as long as nobody moves it


def _collect_less() -> None:
    """What is there now stays, and requests leave little that counting does not free: looking for
    cycles among the frames of two thousand waiting threads took a seventh of the processor."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _write_no_core_files() -> None:
    """Opened secrets are in our memory."""
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))


def _share_memory_among_threads() -> None:
    """One of them computes at a time: memory of its own for each costs, and gains nothing."""
    with suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_MOST_ARENAS, 2)


def _greet(app: Flask, url: str, practice: bool) -> None:
    mode = " in practice mode: its AWS is simulated" if practice else ""
    click.echo(f"Runners is ready at {url}/{mode}")
    warning = open_to_any_name(app.extensions["settings"])
    if warning:
        click.echo(f"Warning: {warning}", err=True)
    setup = one_time_setup_path(app)
    if setup:
        click.echo(f"Make the first account (this link works once): {url}{setup}")
