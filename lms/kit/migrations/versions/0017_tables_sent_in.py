"""Tables that are sent in, and persons that are joined."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KINDS = ("people", "applications", "results", "cohorts")
STATES = ("waiting", "checking", "checked", "confirmed", "done", "failed", "discarded")
OPEN = "undone_at IS NULL"


def upgrade() -> None:
    _bulk_upload()
    _person_merge()


def _bulk_upload() -> None:
    moment = sa.DateTime(timezone=True)
    kind = sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=20)
    state = sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=20)
    op.create_table(
        "bulk_upload",
        sa.Column("kind", kind, nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", moment, nullable=False),
        sa.Column("state", state, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("done", "total")),
        sa.Column("checked_at", moment, nullable=True),
        sa.Column("mark", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("errors", "warnings", "made", "changed", "same")),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("counts", "findings", "marks", "differences")),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("failure", sa.JSON(), nullable=False),
        sa.Column("result_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NOT NULL) = (state IN ('done', 'failed', 'discarded'))",
            name=op.f("ck_bulk_upload_ended_is_over"),
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name=op.f("ck_bulk_upload_confirmed_by_somebody")
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'done') OR confirmed_at IS NOT NULL",
            name=op.f("ck_bulk_upload_written_only_when_confirmed"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'done') OR errors = 0", name=op.f("ck_bulk_upload_written_only_without_errors")
        ),
        sa.CheckConstraint("done >= 0 AND done <= total", name=op.f("ck_bulk_upload_done_within_total")),
        *_keys("bulk_upload", by_id="person", confirmed_by_id="person", file_id="stored_file", result_id="stored_file"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_upload")),
    )
    op.create_index(op.f("ix_bulk_upload_by_id"), "bulk_upload", ["by_id"])
    op.create_index(op.f("ix_bulk_upload_sent_at"), "bulk_upload", ["sent_at"])


def _person_merge() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "person_merge",
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("gone_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("undone_at", moment, nullable=True),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kept_id <> gone_id", name=op.f("ck_person_merge_two_persons")),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL)", name=op.f("ck_person_merge_undone_by_somebody")
        ),
        *_keys("person_merge", kept_id="person", gone_id="person", by_id="person", undone_by_id="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
    )
    op.create_index(op.f("ix_person_merge_at"), "person_merge", ["at"])
    op.create_index(op.f("ix_person_merge_kept_id"), "person_merge", ["kept_id"])
    op.create_index(
        "uq_person_merge_gone",
        "person_merge",
        ["gone_id"],
        unique=True,
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )


def _keys(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT")
        for column, target in targets.items()
    ]


def downgrade() -> None:
    op.drop_table("person_merge")
    op.drop_table("bulk_upload")
