"""The name on certificates is approved, locked, and corrected on request."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "name_approval",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("latin_name", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_name_approval_name_is_there")),
        sa.CheckConstraint("number > 0", name=op.f("ck_name_approval_number_is_positive")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_name_approval_approved_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_name_approval_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_approval")),
        sa.UniqueConstraint("person_id", "number", name=op.f("uq_name_approval_person_id_number")),
    )
    op.create_table(
        "name_correction",
        sa.Column("approval_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("latin_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_name_correction_name_is_there")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_name_correction_reason_is_there")),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["name_approval.id"], name=op.f("fk_name_correction_approval_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_name_correction_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_correction")),
    )
    with op.batch_alter_table("name_correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_name_correction_approval_id"), ["approval_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_name_correction_person_id"), ["person_id"], unique=False)
    _evidence_and_answers()


def _evidence_and_answers() -> None:
    op.create_table(
        "name_evidence",
        sa.Column("correction_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["name_correction.id"], name=op.f("fk_name_evidence_correction_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_name_evidence_file_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("correction_id", "position", name=op.f("pk_name_evidence")),
    )
    op.create_table(
        "name_answer",
        sa.Column("correction_id", sa.Uuid(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("approval_id IS NOT NULL OR length(words) > 0", name=op.f("ck_name_answer_no_is_explained")),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["name_approval.id"], name=op.f("fk_name_answer_approval_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_name_answer_by_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["name_correction.id"], name=op.f("fk_name_answer_correction_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_answer")),
        sa.UniqueConstraint("approval_id", name=op.f("uq_name_answer_approval_id")),
        sa.UniqueConstraint("correction_id", name=op.f("uq_name_answer_correction_id")),
    )


def downgrade() -> None:
    op.drop_table("name_answer")
    op.drop_table("name_evidence")
    with op.batch_alter_table("name_correction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_name_correction_person_id"))
        batch_op.drop_index(batch_op.f("ix_name_correction_approval_id"))

    op.drop_table("name_correction")
    op.drop_table("name_approval")
