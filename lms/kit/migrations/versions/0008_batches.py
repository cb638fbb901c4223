"""Batches that one person asks for and another approves; who approved a certificate; when a counter last gave a number."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

RESULT = (
    "CASE WHEN ended_at IS NULL THEN certificate_id IS NULL AND refusal = '' "
    "ELSE (certificate_id IS NOT NULL) <> (refusal <> '') END"
)
LAST_ISSUED = """
UPDATE serial_counter SET last_at = (
    SELECT max(certificate.issued_at) FROM certificate WHERE certificate.year = serial_counter.year
)
"""


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT")


def upgrade() -> None:
    with op.batch_alter_table("serial_counter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(LAST_ISSUED)
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approved_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("issuing_version", sa.Integer(), nullable=True))
    op.execute("UPDATE certificate SET issuing_version = 0")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.alter_column("issuing_version", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_certificate_approved_by_id"), "person", ["approved_by_id"], ["id"], ondelete="RESTRICT"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_certificate_a_second_person_approves"), "approved_by_id <> issued_by_id"
        )
    _batches()
    _items()


def _batches() -> None:
    state = sa.Enum(
        "waiting", "declined", "running", "paused", "done",
        name="batchstate", native_enum=False, create_constraint=True, length=20,
    )  # fmt: skip
    checks = {
        "a_second_person_decides": "decided_by_id <> requested_by_id",
        "decision_is_whole": "(decided_by_id IS NULL) = (decided_at IS NULL)",
        "waits_until_it_is_decided": "(decided_at IS NULL) = (state = 'waiting')",
        "declined_says_why": "(reason <> '') = (state = 'declined')",
        "ended_is_declined_or_done": "(ended_at IS NOT NULL) = (state IN ('declined', 'done'))",
        "halted_is_paused": "halt = '' OR state = 'paused'",
    }
    op.create_table(
        "issue_batch",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("halt", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_issue_batch_{name}")) for name, rule in checks.items()),
        _key("issue_batch", "cohort_id", "cohort"),
        _key("issue_batch", "requested_by_id", "person"),
        _key("issue_batch", "decided_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_batch")),
    )
    op.create_index(op.f("ix_issue_batch_cohort_id"), "issue_batch", ["cohort_id"])


def _items() -> None:
    op.create_table(
        "issue_item",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("traineeship_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(RESULT, name=op.f("ck_issue_item_ended_with_a_certificate_or_a_sentence")),
        _key("issue_item", "batch_id", "issue_batch"),
        _key("issue_item", "traineeship_id", "traineeship"),
        _key("issue_item", "certificate_id", "certificate"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_item")),
        sa.UniqueConstraint("batch_id", "position", name=op.f("uq_issue_item_batch_id_position")),
        sa.UniqueConstraint("batch_id", "traineeship_id", name=op.f("uq_issue_item_batch_id_traineeship_id")),
    )
    op.create_index(
        "uq_issue_item_open",
        "issue_item",
        ["traineeship_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_issue_item_open",
        table_name="issue_item",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("issue_item")
    op.drop_index(op.f("ix_issue_batch_cohort_id"), table_name="issue_batch")
    op.drop_table("issue_batch")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_certificate_a_second_person_approves"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_certificate_approved_by_id"), type_="foreignkey")
        batch_op.drop_column("issuing_version")
        batch_op.drop_column("approved_by_id")
    with op.batch_alter_table("serial_counter", schema=None) as batch_op:
        batch_op.drop_column("last_at")
