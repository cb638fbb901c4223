"""From which row of which table a move of the ledger came."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "brought_in",
        sa.Column("move_id", sa.Uuid(), nullable=False),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.CheckConstraint("line > 0", name=op.f("ck_brought_in_line_is_positive")),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["bulk_upload.id"], name=op.f("fk_brought_in_upload_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("move_id", name=op.f("pk_brought_in")),
    )
    op.create_index("ix_brought_in_upload", "brought_in", ["upload_id"])


def downgrade() -> None:
    op.drop_index("ix_brought_in_upload", table_name="brought_in")
    op.drop_table("brought_in")
