"""That somebody spoke with a trainee who may need help."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "support_contact",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("agreed", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "how IN ('talk', 'call', 'message', 'mail', 'tried')", name=op.f("ck_support_contact_contactway")
        ),
        sa.CheckConstraint("next_on IS NULL OR next_on >= held_on", name=op.f("ck_support_contact_next_comes_after")),
        sa.CheckConstraint("by_id <> person_id", name=op.f("ck_support_contact_held_by_another")),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_support_contact_cohort_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_support_contact_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_support_contact_by_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_contact")),
    )
    op.create_index(op.f("ix_support_contact_person_id"), "support_contact", ["person_id"])
    op.create_index("ix_support_contact_whom", "support_contact", ["cohort_id", "person_id", "held_on"])


def downgrade() -> None:
    op.drop_index("ix_support_contact_whom", table_name="support_contact")
    op.drop_index(op.f("ix_support_contact_person_id"), table_name="support_contact")
    op.drop_table("support_contact")
