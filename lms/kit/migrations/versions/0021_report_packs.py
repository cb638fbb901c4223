"""Reports that were handed over, with the cohorts they count and their files."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_pack",
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_report_pack_days_are_in_order")),
        sa.CheckConstraint("number > 0", name=op.f("ck_report_pack_number_is_positive")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2200", name=op.f("ck_report_pack_year_is_sane")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_report_pack_asked_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["previous_id"], ["report_pack.id"], name=op.f("fk_report_pack_previous_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_pack")),
        sa.UniqueConstraint("programme", "year", "number", name=op.f("uq_report_pack_programme_year_number")),
    )
    op.create_table(
        "report_cohort",
        sa.Column("pack_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["report_pack.id"], name=op.f("fk_report_cohort_pack_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_report_cohort_cohort_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("pack_id", "cohort_id", name=op.f("pk_report_cohort")),
    )
    op.create_index(op.f("ix_report_cohort_cohort_id"), "report_cohort", ["cohort_id"])
    op.create_table(
        "report_file",
        sa.Column("pack_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('pdf', 'xlsx')", name=op.f("ck_report_file_kind_is_known")),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["report_pack.id"], name=op.f("fk_report_file_pack_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_report_file_file_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_file")),
        sa.UniqueConstraint("pack_id", "language", "kind", name=op.f("uq_report_file_pack_id_language_kind")),
    )


def downgrade() -> None:
    op.drop_table("report_file")
    op.drop_index(op.f("ix_report_cohort_cohort_id"), "report_cohort")
    op.drop_table("report_cohort")
    op.drop_table("report_pack")
