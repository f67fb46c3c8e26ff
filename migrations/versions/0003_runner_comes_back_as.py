"""a runner that was drained comes back draining

Revision ID: 0003
Revises: 0002
"""

from alembic import op
import sqlalchemy as sa


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("runner", schema=None) as batch_op:
        batch_op.add_column(sa.Column("comes_back_as", sa.String(length=16), nullable=True))


def downgrade():
    with op.batch_alter_table("runner", schema=None) as batch_op:
        batch_op.drop_column("comes_back_as")
