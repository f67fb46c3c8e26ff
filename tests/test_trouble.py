"""A database that is busy, full, read-only or away, a disk that is full: everybody is told so, and
nothing is half done."""

import errno
import sqlite3
from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InternalError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as NoTurn

from tests import people
from tests.agents.machine import AgentPeer
from tests.conftest import Clock, test_settings
from tests.people import bearer
from webapp import create_app
from webapp.extensions import db
from webapp.leadership import Leadership
from webapp.models.event import Event
from webapp.models.run import Run
from webapp.models.transaction import writing
from webapp.scheduler import Entry, Scheduler
from webapp.start import prepare
from webapp.trouble import AWAY, BUSY, DISK_FULL, DISK_READ_ONLY, FULL, READ_ONLY, trouble_of

FILE = "workflows:\n- {name: a, commands: ['true']}\n"


class House:
    """An application on a SQLite file, a machine with a job, and hands on the file itself."""

    def __init__(self, folder):
        self.settings = test_settings(folder, database_url=None, poll_seconds=0.05)
        self.file = self.settings.data_dir / "runners.db"
        self.pragmas = ["busy_timeout=20"]
        self.app = self._application(self.settings)
        prepare(self.app)
        with self.app.app_context():
            self.member = people.add_people()["member"]
            self.token = bearer("member")
            self.machine = AgentPeer(self.app).register().start()
            self.browser = people.logged_in(self.app, self.member)
            db.session.remove()
        self.submit()
        self.job = self.machine.poll()["jobs"][0]["job"]
        assert self.machine.report("started", self.job).status_code == 200

    def _application(self, settings):
        app = create_app(settings, Clock())
        app.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
        app.extensions["writers_turn"].patience = 0.05
        with app.app_context():
            event.listen(db.engine, "checkout", self._prepare_connection)
        return app

    @contextmanager
    def read_only(self):
        """The same, by a server that may only read the file."""
        url = f"sqlite:///file:{self.file}?mode=ro&uri=true"
        own = self.app, self.machine.client, self.browser
        self.app = self._application(self.settings.model_copy(update={"database_url": url}))
        self.machine.client = self.app.test_client()
        self.browser = people.logged_in(self.app, self.member)
        try:
            yield
        finally:
            self.close()
            self.app, self.machine.client, self.browser = own

    def _prepare_connection(self, connection, _record, _proxy):
        for pragma in self.pragmas:
            connection.execute(f"PRAGMA {pragma}")

    def submit(self, more=""):
        body = {"workflow_file": FILE + more}
        client = self.app.test_client()
        return client.post("/api/runs/submit", json=body, headers=self.token)

    def answers(self):
        """What everybody is told who wants something written: page, script, runner."""
        ended = {"outcome": "exited", "exit_code": 0, "log_size": 0}
        wishes = {"holding": [], "slots": 1}
        return {
            "page": self.browser.post("/runs/new", data={"text": FILE}),
            "script": self.submit(),
            "poll": self.machine.call("poll", wishes),
            "report": self.machine.report("finished", self.job, **ended),
        }

    def count(self):
        """Rows that would be new if something had been stored."""
        with self.app.app_context():
            found = [db.session.scalar(select(func.count()).select_from(t)) for t in (Run, Event)]
            db.session.remove()
        return found

    def close(self):
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("trouble"))
    yield house
    house.close()


@pytest.fixture
def house(shared):
    """As good as new: each test leaves the database well."""
    yield shared
    shared.pragmas = ["busy_timeout=20"]
    shared.app.extensions["lease_trouble"] = None


@pytest.fixture
def locked(house):
    other = sqlite3.connect(house.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


@pytest.fixture
def full(house):
    """The database may not grow: SQLite says the same of its own limit as of the disk's. Call it
    when there is to be room again."""
    with sqlite3.connect(house.file) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    house.pragmas = ["busy_timeout=20", f"max_page_count={pages}"]
    yield lambda: house.pragmas.append("max_page_count=1000000")


def told(house, sentence, retry_after):
    before, answers = house.count(), house.answers()
    assert house.count() == before, "something was stored"
    for who, answer in answers.items():
        assert answer.status_code == 503, (who, answer.text)
        assert answer.headers.get("Retry-After") == retry_after, who
        assert sentence in answer.text, who
    assert answers["script"].json["code"] == answers["poll"].json["code"] == "unavailable"


def well_again(house):
    """More often than there are connections: none is lost to an error."""
    for _ in range(70):
        assert house.machine.call("poll", {"holding": [], "slots": 0}).status_code == 200
    assert house.submit().status_code == 200


def test_while_another_program_holds_it_everybody_is_asked_to_come_again(house, locked):
    told(house, "The database is busy.", "5")
    assert house.browser.get("/runs").status_code == 200, "reading goes on"


def test_when_it_is_let_go_all_is_as_before(house, locked):
    for _ in range(18):  # 72 errors
        house.answers()
    locked.close()
    well_again(house)


def test_who_waits_for_its_turn_in_this_process_waits_no_longer_than_for_other_programs(house):
    with house.app.extensions["writers_turn"]:
        told(house, "The database is busy.", "5")
    well_again(house)


def test_a_read_only_database_is_shown_and_nobody_waits_for_it(house):
    with house.read_only():
        told(house, "The database can only be read", None)
        assert house.browser.get("/runs").status_code == 200
    well_again(house)


def test_a_full_disk_is_told_and_when_there_is_room_again_all_goes_on(house, full):
    before, much = house.count(), "# much\n" * 50_000
    answer = house.submit(much)
    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert answer.json["message"].startswith("The disk of the database is full")
    assert "Retry-After" not in answer.headers, "somebody has to make room"
    page = house.browser.post("/runs/new", data={"text": FILE + much})
    assert (page.status_code, page.mimetype) == (503, "text/html")
    assert "The disk of the database is full" in page.text
    assert house.count() == before
    full()
    assert house.submit(much).status_code == 200
    well_again(house)


def test_it_says_no_when_asked_whether_it_is_ready(house, locked):
    leadership = Leadership(house.app)
    leadership.renew()
    assert not leadership.is_ours
    answer = house.app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["scheduler"]) == (
        503,
        "no leader: The database is busy. Try again in a moment.",
    )
    locked.close()
    leadership.renew()
    assert house.app.test_client().get("/readyz").status_code == 200
    leadership.give_up()


def test_a_task_that_meets_it_says_so_in_a_line_and_runs_again(house, locked, caplog):
    def write(_now):
        with writing():
            pass

    Scheduler(house.app)._run(Entry(write, 1, local=True))
    (record,) = caplog.records
    assert record.getMessage() == (
        "task write: The database is busy. Try again in a moment. It runs again."
    )
    assert not record.exc_info


class FromPostgres(Exception):
    """As psycopg tells it: None when there was no answer at all."""

    def __init__(self, sqlstate):
        super().__init__("as psycopg says it")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("kind", "code", "trouble"),
    [
        (OperationalError, None, AWAY),
        (OperationalError, "08006", AWAY),
        (OperationalError, "57P01", AWAY),  # admin shutdown
        (OperationalError, "57P03", AWAY),  # it starts
        (OperationalError, "57014", None),  # a query that was cancelled
        (OperationalError, "40001", BUSY),
        (OperationalError, "40P01", BUSY),
        (OperationalError, "55P03", BUSY),
        (OperationalError, "53300", BUSY),  # too many connections
        (OperationalError, "53100", FULL),
        (InternalError, "25006", READ_ONLY),
        (IntegrityError, "23505", None),
        (ProgrammingError, "42P01", None),  # no such table
        (ProgrammingError, None, None),  # the driver cannot write this value
    ],
)
def test_what_postgresql_says(kind, code, trouble):
    assert trouble_of(kind("SELECT 1", {}, FromPostgres(code))) == trouble


@pytest.mark.parametrize(
    ("number", "trouble"),
    [
        (errno.ENOSPC, DISK_FULL),
        (errno.EDQUOT, DISK_FULL),
        (errno.EROFS, DISK_READ_ONLY),
        (errno.ENOENT, None),
    ],
)
def test_what_a_disk_says(number, trouble):
    assert trouble_of(OSError(number, "as the kernel says it")) == trouble


def test_a_fault_of_ours_is_no_trouble_of_the_database(app):
    with pytest.raises(DBAPIError) as caught:
        db.session.execute(text("SELECT * FROM nowhere"))
    db.session.rollback()
    assert trouble_of(caught.value) is None
    assert trouble_of(ValueError("x")) is None
    assert trouble_of(NoTurn()) == BUSY
