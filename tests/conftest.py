"""What every room's tests share: an application of its own for each test, people, a clock."""

import logging
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import create_engine, make_url, text

from aws_simulator.process import SimulatorProcess
from tests import people as some_people
from tests.canary_watch import ROOMS, Listener, Watch
from tests.memory import use_memory
from tests.once import keep_routes, keep_statements, keep_templates
from tests.order import spread
from webapp import create_app
from webapp.clock import system_clock
from webapp.config import Settings
from webapp.extensions import db
from webapp.models.installation import open_installation
from webapp.models.user import User
from webapp.server import Server
from webapp.start import prepare

_watches: list[Watch] | None = None  # those of this test

use_memory()
keep_routes()

ENCRYPTION_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
SERVER = os.environ.get("TEST_POSTGRES_URL")
_OF_POSTGRES = ["test_elsewhere.py", "test_plain_cursor.py", "models/test_queue_plans.py"]
collect_ignore = [] if SERVER else _OF_POSTGRES
WORKER = "test_" + os.environ.get("PYTEST_XDIST_WORKER", "alone")
POSTGRES = (
    make_url(SERVER).set(database=WORKER).render_as_string(hide_password=False) if SERVER else None
)


@dataclass
class Clock:
    """A clock that moves when it is told to; epoch milliseconds."""

    moment: int = 1_764_000_000_000

    def __call__(self) -> int:
        return self.moment

    def advance(self, seconds: float) -> int:
        """The new time."""
        self.moment += int(seconds * 1000)
        return self.moment


@dataclass
class LiveServer:
    """The real server on a real socket of this machine."""

    app: Flask
    url: str
    server: Server = field(repr=False)


def test_settings(folder: Path, **changes: object) -> Settings:
    """Settings for a test; `changes` are fields of Settings."""
    database = {"database_url": POSTGRES} if POSTGRES else {}
    values = {
        "data_dir": folder / "data",
        "encryption_key": ENCRYPTION_KEY,
        "secret_key": "a session key for tests only",
        "login_attempts": "1000 per minute",
        "password_hash": some_people.QUICK_HASH,
        "threads": 40,
        "poll_seconds": 0.3,  # a poll that finds nothing waits so long in real time
        "port": 0,
    }
    return Settings.model_validate({**values, **database, **changes})


test_settings.__test__ = False  # type: ignore[attr-defined]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those of a file stay together."""
    items[:] = spread(items)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """A migrated and opened SQLite database to copy; with PostgreSQL the schema stays there."""
    return made_template(tmp_path_factory.mktemp("template"))


def made_template(folder: Path) -> Path | None:
    """The same, outside of a test."""
    _make_database()
    app = create_app(test_settings(folder))
    prepare(app)
    with app.app_context():
        if not POSTGRES:
            db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.remove()
        db.engine.dispose()
    return None if POSTGRES else folder / "data" / "runners.db"


def _make_database() -> None:
    """Each worker has a database of its own on the server."""
    if SERVER:
        engine = create_engine(SERVER, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {WORKER}"))
            connection.execute(text(f"CREATE DATABASE {WORKER}"))
        engine.dispose()


def _fresh_database(template: Path | None, settings: Settings) -> None:
    if template:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copy(template, settings.data_dir / "runners.db")


def _emptied(app: Flask) -> None:
    if not POSTGRES:
        return
    tables = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables)
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        open_installation(app.extensions["clock"]())
        db.session.remove()


def make_app(template: Path | None, settings: Settings, clock=system_clock) -> Flask:
    """An application with an empty, migrated database."""
    _fresh_database(template, settings)
    app = create_app(settings, clock)
    keep_templates(app)
    with app.app_context():
        keep_statements(db.engine)
    app.config["TESTING"] = True
    app.config["PROPAGATE_EXCEPTIONS"] = False  # tests see what a user sees
    app.teardown_request(_forget)
    if _watches is not None:
        _watches.append(Watch(app))
    _emptied(app)
    return app


@pytest.fixture(autouse=True)
def no_secret_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever pages and calls are tested for: canary_watch.py."""
    global _watches
    if request.path.relative_to(Path(__file__).parent).parts[0] not in ROOMS:
        yield
        return
    _watches, listener = [], Listener()
    logging.getLogger("webapp").addHandler(listener)
    yield
    logging.getLogger("webapp").removeHandler(listener)
    told = b"\n".join(listener.told)
    leaks = [leak for each in _watches for leak in (*each.leaks, *each.at_rest())]
    leaks += [("log", secret) for each in _watches for secret in each.found(told)]
    _watches = None
    assert leaks == [], "a secret is where it should not be"


def _forget(_error: BaseException | None) -> None:
    # Requests of a test share its application context; in service each has one of its own.
    for name in list(g):
        g.pop(name)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def app(template: Path | None, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    """An application whose time is `clock`'s; CSRF is off, its own test turns it on."""
    app = make_app(template, test_settings(tmp_path), clock)
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def anonymous(app: Flask) -> FlaskClient:
    """A browser nobody logged in with."""
    return app.test_client()


@pytest.fixture
def people(app: Flask) -> dict[str, User]:
    """One person of each role: vera the viewer, max the member, ada the admin."""
    return some_people.add_people()


@pytest.fixture
def viewer(app: Flask, people: dict[str, User]) -> FlaskClient:
    """A browser that vera logged in with."""
    return some_people.logged_in(app, people["viewer"])


@pytest.fixture
def member(app: Flask, people: dict[str, User]) -> FlaskClient:
    """A browser that max logged in with."""
    return some_people.logged_in(app, people["member"])


@pytest.fixture
def admin(app: Flask, people: dict[str, User]) -> FlaskClient:
    """A browser that ada logged in with."""
    return some_people.logged_in(app, people["admin"])


@pytest.fixture(scope="session")
def practice() -> Iterator[SimulatorProcess]:
    """Practice AWS with enforced permissions, one for all tests of a worker."""
    with SimulatorProcess(boot=0.05, stop=0.05, enforce_iam=True) as aws:
        yield aws


@pytest.fixture
def aws(practice: SimulatorProcess, monkeypatch: pytest.MonkeyPatch) -> SimulatorProcess:
    """Empty, and the only AWS that boto3 can reach. Its machines are entries: nothing boots."""
    practice.reset()
    practice.clear_faults()
    practice.knobs(boot_user_data=False)
    for name, value in practice.environment().items():
        if "ENDPOINT" in name:
            monkeypatch.setenv(name, value)
    return practice


@pytest.fixture
def live_server(template: Path | None, tmp_path: Path) -> Iterator[LiveServer]:
    """A server with the real clock, short intervals, and people in it (token: people.token)."""
    changes = {"poll_seconds": 2, "heartbeat_seconds": 0.5, "lease_seconds": 3, "tick_seconds": 0.2}
    with serving(make_app(template, test_settings(tmp_path, **changes))) as live:
        yield live


class serving:
    """Run the real server for an application, with one person of each role in it."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __enter__(self) -> LiveServer:
        with self.app.app_context():
            some_people.add_people()
        self._server = Server(self.app)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        return LiveServer(self.app, f"http://127.0.0.1:{self._server.port}", self._server)

    def __exit__(self, *_: object) -> None:
        self._server.stop()
        self._thread.join(timeout=20)
        assert not self._thread.is_alive(), "the server did not stop"
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
