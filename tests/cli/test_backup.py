"""`backup` and `restore`, always on SQLite: PostgreSQL has tools of its own."""

import sqlite3
import stat

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from tests.conftest import ENCRYPTION_KEY, test_settings
from tests.people import add_people, token
from webapp import create_app
from webapp.extensions import db
from webapp.models.installation import the_installation
from webapp.models.token import find_token
from webapp.models.transaction import writing
from webapp.models.user import user_named
from webapp.start import prepare


@pytest.fixture
def installation(tmp_path):
    """Make an application in a folder of its own; `prepared`: with a database and people."""
    opened = []

    def call(name, prepared=False, **changes):
        settings = test_settings(tmp_path / name, database_url=None, **changes)
        app = create_app(settings)
        context = app.app_context()
        context.push()
        opened.append(context)
        if prepared:
            prepare(app)
            add_people()
        return app

    yield call
    for context in reversed(opened):
        db.session.remove()
        db.engine.dispose()
        context.pop()


@pytest.fixture
def saved(installation, tmp_path):
    """A backup, and the token of a person in it."""
    app = installation("old", prepared=True)
    file = tmp_path / "backup.db"
    code, output = run(app, "backup", file)
    assert code == 0, output
    return file, token("member"), the_installation().uuid


def run(app, *words):
    result = app.test_cli_runner().invoke(args=[str(word) for word in words])
    return result.exit_code, result.output


def test_a_backup_is_one_private_file_that_says_which_key_opens_it(saved, tmp_path):
    file, secret, _ = saved
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    content = file.read_bytes()
    assert secret.encode() not in content and ENCRYPTION_KEY.encode() not in content
    assert [path.name for path in tmp_path.glob("backup*")] == ["backup.db"]


def test_what_is_being_written_meanwhile_is_in_it_whole_or_not_at_all(installation, tmp_path):
    app = installation("old", prepared=True)
    with writing():
        db.session.execute(text("UPDATE user SET email = 'half@example.org' WHERE name = 'max'"))
        code, output = run(app, "backup", tmp_path / "backup.db")
    assert code == 0, output
    with sqlite3.connect(tmp_path / "backup.db") as copy:
        (email,) = copy.execute("SELECT email FROM user WHERE name = 'max'").fetchone()
    assert email == "max@example.org"


def test_a_restored_installation_is_the_same_one(saved, installation):
    file, secret, uuid = saved
    app = installation("new")
    code, output = run(app, "restore", file)
    assert (code, "0 machines in the books" in output) == (0, True), output
    assert the_installation().uuid == uuid
    assert find_token(secret).user.name == "max"
    assert user_named("ada").role == "admin"


@pytest.mark.parametrize("where", ["taken.db", "nowhere/backup.db"])
def test_a_backup_goes_to_a_new_file_in_a_folder_that_is_there(installation, tmp_path, where):
    app = installation("old", prepared=True)
    (tmp_path / "taken.db").write_text("precious")
    code, output = run(app, "backup", tmp_path / where)
    assert (code, "Traceback" in output) == (1, False)
    assert "choose another name" in output or "There is no folder" in output
    assert (tmp_path / "taken.db").read_text() == "precious"


def test_before_the_first_start_there_is_nothing_to_save(installation, tmp_path):
    code, output = run(installation("fresh"), "backup", tmp_path / "backup.db")
    assert (code, "start the server once" in output) == (1, True)


def test_another_key_restores_nothing(saved, installation):
    app = installation("new", encryption_key=Fernet.generate_key().decode())
    code, output = run(app, "restore", saved[0])
    assert (code, "put the key it was made with" in output) == (1, True)
    assert not list(app.extensions["settings"].data_dir.glob("runners.db*"))


def test_what_is_no_backup_is_refused(installation, tmp_path):
    (tmp_path / "notes.db").write_text("not a database")
    sqlite3.connect(tmp_path / "empty.db").close()
    app = installation("new")
    for name in ("notes.db", "empty.db"):
        code, output = run(app, "restore", tmp_path / name)
        assert (code, "is not a backup of this program" in output) == (1, True), output


def test_rows_that_are_there_are_never_overwritten(saved, installation):
    app = installation("other", prepared=True)
    code, output = run(app, "restore", saved[0])
    assert (code, "move it away" in output) == (1, True)


def test_with_postgresql_both_name_its_own_tools(installation, tmp_path):
    (tmp_path / "some.db").write_text("")
    app = installation("old")
    elsewhere = app.extensions["settings"].model_copy(update={"database_url": "postgresql://db/r"})
    app.extensions["settings"] = elsewhere
    for words in (("backup", tmp_path / "x.db"), ("restore", tmp_path / "some.db")):
        code, output = run(app, *words)
        assert (code, "pg_dump" in output) == (1, True)
