"""Transcripts have a place in the status list, too: an entry is of a certificate or of a transcript."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# The rows wait in a bare table, because the key of a table cannot be changed in all databases.
ASIDE = "CREATE TABLE credential_entry_before AS SELECT * FROM credential_entry WHERE certificate_id IS NOT NULL"
BACK = """
    INSERT INTO credential_entry (id, certificate_id, list_number, status_index, email_hash, salt)
    SELECT certificate_id, certificate_id, list_number, status_index, email_hash, salt FROM credential_entry_before
"""
BACK_BEFORE = """
    INSERT INTO credential_entry (certificate_id, list_number, status_index, email_hash, salt)
    SELECT certificate_id, list_number, status_index, email_hash, salt FROM credential_entry_before
"""


def upgrade() -> None:
    op.execute(ASIDE)
    op.drop_table("credential_entry")
    op.create_table(
        "credential_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.Column("transcript_id", sa.Uuid(), nullable=True),
        *_rest(),
        sa.CheckConstraint(
            "(certificate_id IS NULL) <> (transcript_id IS NULL)", name=op.f("ck_credential_entry_is_of_one_document")
        ),
        sa.CheckConstraint(
            "id = coalesce(certificate_id, transcript_id)", name=op.f("ck_credential_entry_has_its_key")
        ),
        sa.ForeignKeyConstraint(
            ["transcript_id"], ["transcript.id"], name=op.f("fk_credential_entry_transcript_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential_entry")),
    )
    op.execute(BACK)
    op.drop_table("credential_entry_before")


def downgrade() -> None:
    """The places of transcripts are forgotten, as before they had none."""
    op.execute(ASIDE)
    op.drop_table("credential_entry")
    op.create_table(
        "credential_entry",
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        *_rest(),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_credential_entry")),
    )
    op.execute(BACK_BEFORE)
    op.drop_table("credential_entry_before")


def _rest() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("list_number", sa.Integer(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("email_hash", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.CheckConstraint("list_number > 0", name=op.f("ck_credential_entry_lists_count_from_one")),
        sa.CheckConstraint(
            "status_index >= 0 AND status_index < 131072", name=op.f("ck_credential_entry_index_is_in_its_list")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_credential_entry_certificate_id"),
            ondelete="RESTRICT",
        ),
        sa.UniqueConstraint("list_number", "status_index", name=op.f("uq_credential_entry_list_number_status_index")),
    ]
