"""The register of certificates as it was printed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "register_print",
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(file_id IS NULL) = (rows IS NULL)", name=op.f("ck_register_print_printed_is_counted")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_register_print_by_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_register_print_file_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_print")),
    )
    with op.batch_alter_table("register_print", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_register_print_by_id"), ["by_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("register_print", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_register_print_by_id"))

    op.drop_table("register_print")
