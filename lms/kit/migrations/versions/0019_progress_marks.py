"""When trainees reached each fifth of the required work."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "progress_mark",
        sa.Column("traineeship_id", sa.Uuid(), nullable=False),
        sa.Column("fifth", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("fifth BETWEEN 1 AND 5", name=op.f("ck_progress_mark_fifth_is_one_of_five")),
        sa.ForeignKeyConstraint(
            ["traineeship_id"],
            ["traineeship.id"],
            name=op.f("fk_progress_mark_traineeship_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("traineeship_id", "fifth", name=op.f("pk_progress_mark")),
    )


def downgrade() -> None:
    op.drop_table("progress_mark")
