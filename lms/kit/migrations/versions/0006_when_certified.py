"""When the certificate of a traineeship that holds was issued, beside its stage."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CHECK = "(certified_at IS NOT NULL) = (stage IN ('certified', 'placed'))"
FROM_THE_LEDGER = """
UPDATE traineeship SET certified_at = (
    SELECT max(happened_at) FROM stage_event
    WHERE stage_event.cohort_id = traineeship.cohort_id AND stage_event.person_id = traineeship.person_id
    AND stage_event.stage = 'certified'
) WHERE stage IN ('certified', 'placed')
"""


def upgrade() -> None:
    op.add_column("traineeship", sa.Column("certified_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(FROM_THE_LEDGER)
    with op.batch_alter_table("traineeship", schema=None) as batch_op:
        batch_op.create_check_constraint(batch_op.f("ck_traineeship_certified_says_when"), CHECK)
        batch_op.create_index("ix_traineeship_cohort_certified", ["cohort_id", "certified_at", "person_id"])


def downgrade() -> None:
    with op.batch_alter_table("traineeship", schema=None) as batch_op:
        batch_op.drop_index("ix_traineeship_cohort_certified")
        batch_op.drop_constraint(batch_op.f("ck_traineeship_certified_says_when"), type_="check")
        batch_op.drop_column("certified_at")
