"""what jobs leave: artifacts and their contents

Revision ID: 0006
Revises: 0005
"""

from alembic import op
import sqlalchemy as sa


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_WHOLE = sa.text("state = 'whole'")


def upgrade():
    op.create_table(
        "blob",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("upload", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_blob"),
        sa.UniqueConstraint("key", name="uq_blob_key"),
    )
    op.create_index("ix_blob_state", "blob", ["state"])
    op.create_index(
        "ix_blob_whole",
        "blob",
        ["sha256"],
        unique=True,
        sqlite_where=_WHOLE,
        postgresql_where=_WHOLE,
    )
    op.create_table(
        "artifact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("mode", sa.Integer(), nullable=False),
        sa.Column("blob_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.id"], name="fk_artifact_job_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"], name="fk_artifact_blob_id"),
        sa.PrimaryKeyConstraint("id", name="pk_artifact"),
    )
    op.create_index("ix_artifact_path", "artifact", ["job_id", "attempt", "path"], unique=True)
    op.create_index("ix_artifact_folder", "artifact", ["job_id", "attempt", "folder"])
    op.create_index("ix_artifact_blob_id", "artifact", ["blob_id"])
    with op.batch_alter_table("attempt") as attempt:
        attempt.add_column(sa.Column("artifacts_at", sa.BigInteger(), nullable=True))
        attempt.add_column(sa.Column("artifacts_trouble", sa.Text(), nullable=True))


def downgrade():
    with op.batch_alter_table("attempt") as attempt:
        attempt.drop_column("artifacts_trouble")
        attempt.drop_column("artifacts_at")
    op.drop_table("artifact")
    op.drop_table("blob")
