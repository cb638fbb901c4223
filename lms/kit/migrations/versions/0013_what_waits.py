"""What waits for a second person, for the board."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WAITING = """
INSERT INTO awaited (subject_id, cohort_id, asked_by_id, asked_at, people)
SELECT issue_batch.id, issue_batch.cohort_id, issue_batch.requested_by_id, issue_batch.requested_at, count(*)
FROM issue_batch JOIN issue_item ON issue_item.batch_id = issue_batch.id
WHERE issue_batch.state = 'waiting'
GROUP BY issue_batch.id, issue_batch.cohort_id, issue_batch.requested_by_id, issue_batch.requested_at
"""


def upgrade() -> None:
    op.create_table(
        "awaited",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("people > 0", name=op.f("ck_awaited_people_are_positive")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_awaited_cohort_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_awaited_asked_by_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_awaited")),
    )
    op.create_index(op.f("ix_awaited_cohort_id"), "awaited", ["cohort_id"])
    op.execute(WAITING)


def downgrade() -> None:
    op.drop_index(op.f("ix_awaited_cohort_id"), table_name="awaited")
    op.drop_table("awaited")
