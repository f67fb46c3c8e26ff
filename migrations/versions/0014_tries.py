"""tries to log in are counted for all processes together

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_try")),
    )
    with op.batch_alter_table("try") as batch_op:
        batch_op.create_index("ix_try_key", ["key"], unique=False)
        batch_op.create_index("ix_try_until", ["until"], unique=False)


def downgrade():
    op.drop_table("try")
