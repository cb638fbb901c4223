"""Single courses may have certificates of their own: the programme's rule says so, and a batch may be for one course."""

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

RULES = {
    "ck_issuing_rule_forcourses": "for_courses IN ('none', 'asked', 'automatic')",
    "ck_issuing_rule_automatic_for_courses_was_set_by_somebody": "for_courses <> 'automatic' OR set_by_id IS NOT NULL",
}
OPEN = "ended_at IS NULL"
OPEN_OF_PROGRAMME = f"{OPEN} AND enrolment_id IS NULL"


def upgrade() -> None:
    with op.batch_alter_table("issuing_rule", schema=None) as batch_op:
        batch_op.add_column(sa.Column("for_courses", sa.String(length=20), nullable=False, server_default="none"))
        batch_op.add_column(sa.Column("course_design", sa.Text(), nullable=False, server_default="one-course"))
        for name, rule in RULES.items():
            batch_op.create_check_constraint(batch_op.f(name), rule)
    with op.batch_alter_table("issuing_rule", schema=None) as batch_op:
        batch_op.alter_column("for_courses", server_default=None)
        batch_op.alter_column("course_design", server_default=None)
    with op.batch_alter_table("issue_batch", schema=None) as batch_op:
        _points(batch_op, "issue_batch", "offering_id", "offering")
        batch_op.create_index(batch_op.f("ix_issue_batch_offering_id"), ["offering_id"], unique=False)
    with op.batch_alter_table("issue_item", schema=None) as batch_op:
        _points(batch_op, "issue_item", "enrolment_id", "enrolment")
        batch_op.drop_index("uq_issue_item_open")
        _one_open(batch_op, "uq_issue_item_open", "traineeship_id", OPEN_OF_PROGRAMME)
        _one_open(batch_op, "uq_issue_item_open_course", "enrolment_id", OPEN)


def downgrade() -> None:
    """Batches for single courses go; their certificates stay."""
    op.execute("DELETE FROM issue_item WHERE enrolment_id IS NOT NULL")
    op.execute("DELETE FROM issue_batch WHERE offering_id IS NOT NULL")
    with op.batch_alter_table("issue_item", schema=None) as batch_op:
        batch_op.drop_index("uq_issue_item_open_course")
        batch_op.drop_index("uq_issue_item_open")
        batch_op.drop_constraint(batch_op.f("fk_issue_item_enrolment_id"), type_="foreignkey")
        batch_op.drop_column("enrolment_id")
        _one_open(batch_op, "uq_issue_item_open", "traineeship_id", OPEN)
    with op.batch_alter_table("issue_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issue_batch_offering_id"))
        batch_op.drop_constraint(batch_op.f("fk_issue_batch_offering_id"), type_="foreignkey")
        batch_op.drop_column("offering_id")
    with op.batch_alter_table("issuing_rule", schema=None) as batch_op:
        for name in RULES:
            batch_op.drop_constraint(batch_op.f(name), type_="check")
        batch_op.drop_column("course_design")
        batch_op.drop_column("for_courses")


def _points(batch_op: BatchOperations, table: str, column: str, to: str) -> None:
    batch_op.add_column(sa.Column(column, sa.Uuid(), nullable=True))
    name = op.f(f"fk_{table}_{column}")
    batch_op.create_foreign_key(name, to, [column], ["id"], ondelete="RESTRICT")


def _one_open(batch_op: BatchOperations, name: str, column: str, where: str) -> None:
    condition = sa.text(where)
    batch_op.create_index(name, [column], unique=True, sqlite_where=condition, postgresql_where=condition)
