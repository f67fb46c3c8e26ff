"""Where a run's files come from, and what its jobs need of each other

Revision ID: 0002
Revises: 0001

"""

from alembic import op
import sqlalchemy as sa


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("run") as run:
        run.add_column(sa.Column("repo_url", sa.Text(), nullable=True))
        run.add_column(sa.Column("repo_branch", sa.Text(), nullable=True))
        run.add_column(sa.Column("repo_hash", sa.String(length=100), nullable=True))
        run.add_column(sa.Column("repo_diff", sa.Text(), nullable=True))
        run.add_column(sa.Column("archive", sa.String(length=100), nullable=True))
    with op.batch_alter_table("job") as job:
        job.add_column(sa.Column("provider", sa.String(length=100), nullable=True))
        job.add_column(sa.Column("python", sa.JSON(), nullable=True))
        job.add_column(sa.Column("ports", sa.Integer(), nullable=False, server_default="0"))
        for name in ("artifact_paths", "depends_on", "input_jobs"):
            job.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
        job.add_column(sa.Column("blocked_by", sa.Integer(), nullable=False, server_default="0"))
        job.add_column(sa.Column("runs_in", sa.String(length=100), nullable=True))


def downgrade():
    with op.batch_alter_table("job") as job:
        for name in ("runs_in", "blocked_by", "input_jobs", "depends_on", "artifact_paths"):
            job.drop_column(name)
        for name in ("ports", "python", "provider"):
            job.drop_column(name)
    with op.batch_alter_table("run") as run:
        for name in ("archive", "repo_diff", "repo_hash", "repo_branch", "repo_url"):
            run.drop_column(name)
