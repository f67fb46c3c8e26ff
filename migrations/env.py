"""Runs the migrations of migrations/versions on the application's own database."""

from alembic import context
from flask import current_app

from webapp.extensions import db
from webapp.models.columns import Sealed

_LOCK = 7_240_112  # any number, the same in every process


def as_stored(kind: str, item: object, _context: object) -> str | bool:
    """A new migration names what the database stores, not our classes: they may move."""
    return "sa.Text()" if kind == "type" and isinstance(item, Sealed) else False


def run() -> None:
    """Bring the schema up to date, in one transaction, one process at a time."""
    engine = db.engine.execution_options(writing=True)
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="READ COMMITTED")  # one transaction
    with engine.connect() as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=as_stored,
            **current_app.extensions["migrate"].configure_args,
        )
        context.run_migrations()


run()
