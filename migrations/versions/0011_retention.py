"""how long what runs leave is kept

Revision ID: 0011
Revises: 0010
"""

from alembic import op
import sqlalchemy as sa


revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "retention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("gib", sa.Integer(), nullable=True),
        sa.Column("logs", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_retention"),
    )
    with op.batch_alter_table("run") as run:
        run.add_column(sa.Column("artifacts_cleared_at", sa.BigInteger(), nullable=True))
        run.add_column(sa.Column("logs_cleared_at", sa.BigInteger(), nullable=True))


def downgrade():
    with op.batch_alter_table("run") as run:
        run.drop_column("logs_cleared_at")
        run.drop_column("artifacts_cleared_at")
    op.drop_table("retention")
