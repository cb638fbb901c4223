"""Transcripts: what a person had completed on a day, frozen and printed."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "transcript",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("design_version", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("serial > 0", name=op.f("ck_transcript_serial_is_positive")),
        sa.CheckConstraint("length(code) >= 20", name=op.f("ck_transcript_code_is_unguessable")),
        sa.CheckConstraint("languages IN ('ko', 'en', 'both')", name=op.f("ck_transcript_languages_are_printed")),
        sa.CheckConstraint("(file_id IS NULL) = (sha256 IS NULL)", name=op.f("ck_transcript_document_is_whole")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_transcript_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["person.id"], name=op.f("fk_transcript_issued_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_transcript_file_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcript")),
        sa.UniqueConstraint("code", name=op.f("uq_transcript_code")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_transcript_year_serial")),
    )
    with op.batch_alter_table("transcript", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transcript_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transcript_sha256"), ["sha256"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("transcript", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transcript_sha256"))
        batch_op.drop_index(batch_op.f("ix_transcript_person_id"))

    op.drop_table("transcript")
