"""jobs that ask the same are of one kind

Revision ID: 0013
Revises: 0012
"""

import json

import sqlalchemy as sa
from alembic import op

from webapp.engine.kinds import kind_of
from webapp.engine.resources import Ask

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("job") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(), nullable=True))
        batch_op.create_index(
            "ix_job_kind", ["status", "blocked_by", "kind", "queued_at", "id"], unique=False
        )
    # Any other job gets its kind when it is queued again.
    rows = op.get_bind().execute(_WAITING).mappings().all()
    for row in rows:
        op.get_bind().execute(_SET, {"id": row["id"], "kind": kind_of(_ask(row))})


def downgrade():
    with op.batch_alter_table("job") as batch_op:
        batch_op.drop_index("ix_job_kind")
        batch_op.drop_column("kind")


_WAITING = sa.text(
    "SELECT id, cpu_milli, memory_mib, shm_mib, gpu_count, gpu_name, gpu_memory_mib,"
    " CAST(labels AS TEXT) AS labels, image, interruptible FROM job WHERE status = 'submitted'"
)
_SET = sa.text("UPDATE job SET kind = :kind WHERE id = :id")
_SAME = ("cpu_milli", "memory_mib", "shm_mib", "gpu_count", "gpu_name", "gpu_memory_mib")


def _ask(row):
    interruptible = row["interruptible"]
    return Ask(
        **{name: row[name] for name in _SAME},
        labels=frozenset(json.loads(row["labels"])),
        container=row["image"] is not None,
        interruptible=None if interruptible is None else bool(interruptible),
    )
