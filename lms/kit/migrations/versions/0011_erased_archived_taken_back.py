"""People are erased, files forgotten, courses archived, batches taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN = "done_at IS NULL AND withdrawn_at IS NULL"
ERASED = {
    "ck_person_erased_is_closed": "erased_at IS NULL OR closed_at IS NOT NULL",
    "ck_person_erased_has_no_password": "erased_at IS NULL OR password_hash IS NULL",
}
BATCH_NOW = {
    "ck_issue_batch_batchstate": "state IN ('waiting', 'declined', 'running', 'paused', 'done', 'withdrawn')",
    "ck_issue_batch_waits_until_it_is_decided": "(decided_at IS NULL) = (state IN ('waiting', 'withdrawn'))",
    "ck_issue_batch_ended_is_over_for_good": "(ended_at IS NOT NULL) = (state IN ('declined', 'done', 'withdrawn'))",
}
BATCH_BEFORE = {
    "ck_issue_batch_batchstate": "state IN ('waiting', 'declined', 'running', 'paused', 'done')",
    "ck_issue_batch_waits_until_it_is_decided": "(decided_at IS NULL) = (state = 'waiting')",
    "ck_issue_batch_ended_is_declined_or_done": "(ended_at IS NOT NULL) = (state IN ('declined', 'done'))",
}


def upgrade() -> None:
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.add_column(sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
        for name, rule in ERASED.items():
            batch_op.create_check_constraint(batch_op.f(name), rule)
    _erasures()
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.add_column(sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("archived_by_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_course_archived_by_id"), "person", ["archived_by_id"], ["id"], ondelete="RESTRICT"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_course_archived_by_somebody"), "(archived_at IS NULL) = (archived_by_id IS NULL)"
        )
    _rules_of_batches(BATCH_BEFORE, BATCH_NOW)


def _erasures() -> None:
    op.create_table(
        "erasure",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("done_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_erasure_done_is_not_withdrawn")),
        sa.CheckConstraint("due_at >= requested_at", name=op.f("ck_erasure_due_after_the_request")),
        *(
            sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_erasure_{column}"), ondelete="RESTRICT")
            for column in ("person_id", "requested_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index(
        "uq_erasure_open",
        "erasure",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )


def _rules_of_batches(old: dict[str, str], new: dict[str, str]) -> None:
    with op.batch_alter_table("issue_batch", schema=None) as batch_op:
        for name in old:
            batch_op.drop_constraint(batch_op.f(name), type_="check")
        for name, rule in new.items():
            batch_op.create_check_constraint(batch_op.f(name), rule)


def downgrade() -> None:
    op.execute(  # what nobody decided about stays undecided: it waits again, though its people have an outcome
        "UPDATE issue_batch SET state = 'waiting', ended_at = NULL WHERE state = 'withdrawn'"
    )
    _rules_of_batches(BATCH_NOW, BATCH_BEFORE)
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_course_archived_by_somebody"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_course_archived_by_id"), type_="foreignkey")
        batch_op.drop_column("archived_by_id")
        batch_op.drop_column("archived_at")
    op.drop_index("uq_erasure_open", table_name="erasure", sqlite_where=sa.text(OPEN), postgresql_where=sa.text(OPEN))
    op.drop_table("erasure")
    with op.batch_alter_table("person", schema=None) as batch_op:
        for name in ERASED:
            batch_op.drop_constraint(batch_op.f(name), type_="check")
        batch_op.drop_column("erased_at")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_column("forgotten_at")
