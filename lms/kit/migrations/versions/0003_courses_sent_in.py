"""Courses sent in through the browser."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course_upload",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                name="uploadstate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NOT NULL) = (state IN ('done', 'failed'))",
            name=op.f("ck_course_upload_ended_is_done_or_failed"),
        ),
        sa.CheckConstraint("(failure <> '') = (state = 'failed')", name=op.f("ck_course_upload_failed_says_why")),
        sa.CheckConstraint(
            "(version_id IS NOT NULL) = (state = 'done')", name=op.f("ck_course_upload_done_has_a_version")
        ),
        sa.CheckConstraint("done >= 0 AND done <= total", name=op.f("ck_course_upload_done_within_total")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_course_upload_by_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_course_upload_file_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_course_upload_version_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_upload")),
    )
    with op.batch_alter_table("course_upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_upload_by_id"), ["by_id"], unique=False)
        batch_op.create_index(
            "uq_course_upload_open",
            ["by_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("course_upload", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_course_upload_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_course_upload_by_id"))

    op.drop_table("course_upload")
