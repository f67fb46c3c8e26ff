"""The queue is read without the jobs that wait for others of their run

Revision ID: 0004
Revises: 0003

"""

from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.drop_index("ix_job_queue", "job")
    op.create_index("ix_job_queue", "job", ["status", "blocked_by", "queued_at", "id"])


def downgrade():
    op.drop_index("ix_job_queue", "job")
    op.create_index("ix_job_queue", "job", ["status", "queued_at", "id"])
