"""ids of events and limits are never used again

SQLite gives the id of the last row again once that row is deleted. Pages ask for what is newer
than an event, and machines remember the limit they were launched for: both would be deceived.

Revision ID: 0012
Revises: 0011
"""

from alembic import op


revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade():
    _remake(sqlite_autoincrement=True)


def downgrade():
    _remake()


def _remake(**table_kwargs):
    if op.get_bind().dialect.name != "sqlite":
        return  # sequences only go forward
    for table in ("event", "limit"):
        with op.batch_alter_table(table, recreate="always", table_kwargs=table_kwargs):
            pass  # nothing else changes
