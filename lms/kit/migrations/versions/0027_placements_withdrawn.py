"""Placements that were told wrongly are withdrawn, by rows that can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

HOLDING = "undone_at IS NULL"


def upgrade() -> None:
    op.create_table(
        "placement_withdrawal",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL)", name=op.f("ck_placement_withdrawal_undone_by_somebody")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_placement_withdrawal_{column}"), ondelete="RESTRICT"
            )
            for column, table in (
                ("placement_id", "placement"),
                ("withdrawn_by_id", "person"),
                ("undone_by_id", "person"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_withdrawal")),
    )
    op.create_index(
        "uq_placement_withdrawal_holding",
        "placement_withdrawal",
        ["placement_id"],
        unique=True,
        sqlite_where=sa.text(HOLDING),
        postgresql_where=sa.text(HOLDING),
    )


def downgrade() -> None:
    op.drop_index("uq_placement_withdrawal_holding", table_name="placement_withdrawal")
    op.drop_table("placement_withdrawal")
