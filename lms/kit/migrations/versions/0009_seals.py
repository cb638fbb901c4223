"""The entry of each certificate in the status list, and the keys that ever signed."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credential_entry",
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
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
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_credential_entry")),
        sa.UniqueConstraint("list_number", "status_index", name=op.f("uq_credential_entry_list_number_status_index")),
    )
    op.create_table(
        "signing_key",
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("credential_key", sa.Text(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
        sa.UniqueConstraint("fingerprint", "credential_key", name=op.f("uq_signing_key_fingerprint_credential_key")),
    )


def downgrade() -> None:
    op.drop_table("signing_key")
    op.drop_table("credential_entry")
