"""From the first schema to the newest one, step by step, with a row in every table and something in
every column: none of it is lost or changed by a later step."""

import json

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Boolean,
    Float,
    Integer,
    Numeric,
    create_engine,
    inspect,
    make_url,
    text,
)

from tests.conftest import SERVER, WORKER, test_settings
from webapp import create_app
from webapp.extensions import db
from webapp.models.installation import digest
from webapp.models.user import user_named
from webapp.start import _MIGRATIONS, prepare


@pytest.fixture
def empty_app(tmp_path):
    """An application whose database has no table yet."""
    app = create_app(test_settings(tmp_path, database_url=_empty_database()))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _empty_database():
    if not SERVER:
        return None
    name = f"upgrade_{WORKER}"
    engine = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(SERVER).set(database=name).render_as_string(hide_password=False)


class Rows:
    """One row of each table: what was put into it, column by column."""

    def __init__(self, keyring):
        self.put: dict[str, dict[str, object]] = {}
        self._keyring, self._number = keyring, 0

    def fill(self):
        """Put something into every table and column that came with the last step."""
        with db.engine.connect().execution_options(writing=True) as connection:
            look = inspect(connection)
            for table, _ in look.get_sorted_table_and_fkc_names():
                if table not in (None, "alembic_version"):
                    self._fill_table(connection, look, table)
            connection.commit()

    def now(self):
        """The same columns, as they are."""
        with db.engine.connect() as connection:
            return {table: self._read(connection, table) for table in self.put}

    def _fill_table(self, connection, look, table):
        known = self.put.get(table, {})
        keys = {}
        for key in look.get_foreign_keys(table):
            pairs = zip(key["constrained_columns"], key["referred_columns"], strict=True)
            keys |= {ours: self.put[key["referred_table"]][theirs] for ours, theirs in pairs}
        columns = [c for c in look.get_columns(table) if c["name"] not in known]
        if not columns:
            return
        new = {c["name"]: keys.get(c["name"]) or self._value(table, c) for c in columns}
        connection.execute(text((_update if known else _insert)(table, new)), new)
        self.put[table] = known | self._read(connection, table, new)

    def _value(self, table, column):
        self._number += 1
        kind = column["type"]
        if table == "installation" and column["name"] == "sealed_digest_key":
            return self._keyring.seal("ab" * 32)
        if isinstance(kind, Boolean):
            return table != "installation"  # a practice one would not be opened
        if isinstance(kind, Integer):
            return 1 if column["name"] == "id" else 1000 + self._number
        if isinstance(kind, Float | Numeric):
            return self._number + 0.5
        if isinstance(kind, JSON):
            return json.dumps({"kept": self._number})
        return f"text {self._number}"

    def _read(self, connection, table, columns=None):
        names = ", ".join(f'"{name}"' for name in columns or self.put[table])
        (row,) = connection.execute(text(f'SELECT {names} FROM "{table}"')).mappings()
        return dict(row)


def _insert(table, new):
    names, places = ", ".join(f'"{n}"' for n in new), ", ".join(f":{n}" for n in new)
    return f'INSERT INTO "{table}" ({names}) VALUES ({places})'


def _update(table, new):
    return f'UPDATE "{table}" SET ' + ", ".join(f'"{name}" = :{name}' for name in new)


def test_no_step_loses_anything_of_what_was_there_before(empty_app):
    revisions = [r.revision for r in ScriptDirectory(_MIGRATIONS).walk_revisions()][::-1]
    rows = Rows(empty_app.extensions["keyring"])
    for revision in revisions:
        flask_migrate.upgrade(directory=_MIGRATIONS, revision=revision)
        rows.fill()
        assert rows.now() == rows.put, f"after {revision}"
    assert set(rows.put) == {table.name for table in db.metadata.sorted_tables}
    prepare(empty_app)
    assert rows.now() == rows.put
    assert user_named(rows.put["user"]["name"]).id == 1
    assert len(digest("a token")) == 64, "its key is the one that was sealed"
