"""A stolen database, data directory or backup: what is worth stealing opens with a key only."""

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.security.planted import plant
from webapp.extensions import db


@pytest.fixture
def planted(app, people):
    return plant(app)


def stored_rows():
    """Every row of every table, as the database has it."""
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(text(f'SELECT * FROM "{table.name}"')):
            yield table.name, str(tuple(row))


def test_no_secret_is_plain_in_any_table(planted):
    found = [
        (what, table)
        for table, row in stored_rows()
        for what, secret in planted.items()
        if secret in row
    ]
    assert found == []


def test_no_secret_is_plain_in_any_file_of_the_data_directory(app, planted):
    db.session.commit()
    folder = Path(app.extensions["settings"].data_dir)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    for path in files:
        content = path.read_bytes()
        assert [what for what, secret in planted.items() if secret.encode() in content] == [], path


def test_nobody_else_on_the_machine_may_look_into_it(app, planted):
    folder = Path(app.extensions["settings"].data_dir)
    assert folder.stat().st_mode & 0o077 == 0
    for path in folder.glob("*.key"):
        assert path.stat().st_mode & 0o077 == 0, path
