"""How a programme issues certificates, in versions. Programmes that are there go on as before: one person issues."""

import sqlalchemy as sa
from alembic import op

from lms.kit import clock
from lms.kit.db import new_key

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    rules = op.create_table(
        "issuing_rule",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("needs_name_approval", sa.Boolean(), nullable=False),
        sa.Column("needs_second_person", sa.Boolean(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("valid_months", sa.Integer(), nullable=True),
        sa.Column("design", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_issuing_rule_version_is_positive")),
        sa.CheckConstraint("valid_months > 0", name=op.f("ck_issuing_rule_validity_is_positive")),
        sa.CheckConstraint(
            "NOT (automatic AND needs_second_person)", name=op.f("ck_issuing_rule_automatic_has_no_second_person")
        ),
        sa.CheckConstraint(
            "NOT automatic OR set_by_id IS NOT NULL", name=op.f("ck_issuing_rule_automatic_was_set_by_somebody")
        ),
        sa.CheckConstraint("languages IN ('ko', 'en', 'both')", name=op.f("ck_issuing_rule_languages_are_printed")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_issuing_rule_programme_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["person.id"], name=op.f("fk_issuing_rule_set_by_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuing_rule")),
        sa.UniqueConstraint("programme_id", "version", name=op.f("uq_issuing_rule_programme_id_version")),
    )
    programme = sa.table("programme", sa.column("id", sa.Uuid()))
    there = op.get_bind().execute(sa.select(programme.c.id)).scalars().all()
    as_before = {
        "version": 1,
        "needs_name_approval": False,
        "needs_second_person": False,
        "automatic": False,
        "design": "programme",
        "languages": "both",
        "reason": "",
    }
    if there:
        op.bulk_insert(
            rules,
            [{**as_before, "id": new_key(), "programme_id": each, "set_at": clock.now()} for each in there],
        )


def downgrade() -> None:
    op.drop_table("issuing_rule")
