"""tokens with a name and a scope beside the main one

Revision ID: 0008
Revises: 0007
"""

from alembic import op
import sqlalchemy as sa


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_MAIN = sa.text("name IS NULL")


def upgrade():
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.drop_constraint("uq_token_user_id", type_="unique")
        batch_op.add_column(sa.Column("name", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("scope", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("last_used_at", sa.BigInteger(), nullable=True))
        batch_op.alter_column("secret", existing_type=sa.Text(), nullable=True)
    op.create_index("uq_token_user_id_name", "token", ["user_id", "name"], unique=True)
    op.create_index(
        "uq_token_main",
        "token",
        ["user_id"],
        unique=True,
        sqlite_where=_MAIN,
        postgresql_where=_MAIN,
    )


def downgrade():
    op.execute("DELETE FROM token WHERE name IS NOT NULL")
    op.drop_index("uq_token_main", table_name="token")
    op.drop_index("uq_token_user_id_name", table_name="token")
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.alter_column("secret", existing_type=sa.Text(), nullable=False)
        for name in ("last_used_at", "scope", "name"):
            batch_op.drop_column(name)
        batch_op.create_unique_constraint("uq_token_user_id", ["user_id"])
