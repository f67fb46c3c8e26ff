"""A database of an older schema, with rows in it, is brought forward and nothing is lost."""

import flask_migrate
import pytest
from sqlalchemy import inspect, text

from tests.conftest import test_settings
from webapp import create_app
from webapp.extensions import db
from webapp.models.job import Job, ask
from webapp.models.run import run_named
from webapp.start import _MIGRATIONS, prepare

RUN = {"id": 1, "name": "old-goose-1", "user_id": 1, "status": "running", "variables": "{}"}
JOB = {
    "id": "0123456789ab",
    "run_id": 1,
    "position": 0,
    "status": "submitted",
    "commands": "true",
    "environment": "{}",
    "labels": "[]",
}


@pytest.fixture
def old_app(tmp_path):
    """An application on SQLite whose database has the first schema and a run in it."""
    app = create_app(test_settings(tmp_path, database_url=None))
    with app.app_context():
        flask_migrate.upgrade(directory=_MIGRATIONS, revision="0001")
        with db.engine.connect().execution_options(writing=True) as connection:
            _insert(connection, "user", {"id": 1, "name": "max", "email": "m@example.org"})
            _insert(connection, "run", RUN)
            _insert(connection, "job", JOB)
            connection.commit()
        yield app
        db.session.remove()
        db.engine.dispose()


def _insert(connection, table, row):
    """With zeros and empty texts for every other column that must not be empty."""
    columns = inspect(connection).get_columns(table)
    needed = {c["name"]: c for c in columns if not c["nullable"]}
    row = {name: _blank(column) for name, column in needed.items()} | row
    places = ", ".join(f":{name}" for name in row)
    connection.execute(text(f'INSERT INTO "{table}" ({", ".join(row)}) VALUES ({places})'), row)


def _blank(column):
    return 0 if column["type"].python_type in (int, bool) else ""


def test_rows_of_the_first_schema_live_on(old_app):
    prepare(old_app)
    run = run_named("old-goose-1")
    (job,) = run.jobs
    assert (run.user.name, run.status, run.repo_url, run.archive) == ("max", "running", None, None)
    assert (job.status, job.depends_on, job.artifact_paths) == ("submitted", [], [])
    assert (job.blocked_by, job.input_jobs, ask(job).labels) == (0, [], frozenset())
    assert db.session.query(Job).count() == 1


def test_bringing_it_forward_twice_changes_nothing(old_app):
    prepare(old_app)
    prepare(old_app)
    assert [job.id for job in run_named("old-goose-1").jobs] == ["0123456789ab"]
