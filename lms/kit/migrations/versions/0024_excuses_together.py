"""Several sessions that should be excused for one reason are one request."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

CHECK = "ck_attendance_correction_only_excuses_come_together"
KEY = "fk_attendance_correction_part_of_id"
INDEX = "ix_attendance_correction_part_of_id"


def upgrade() -> None:
    with op.batch_alter_table("attendance_correction", schema=None) as batch_op:
        batch_op.add_column(sa.Column("part_of_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f(KEY), "attendance_correction", ["part_of_id"], ["id"], ondelete="RESTRICT"
        )
        batch_op.create_check_constraint(batch_op.f(CHECK), "part_of_id IS NULL OR kind = 'excuse'")
        batch_op.create_index(batch_op.f(INDEX), ["part_of_id"])


def downgrade() -> None:
    with op.batch_alter_table("attendance_correction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f(INDEX))
        batch_op.drop_constraint(batch_op.f(CHECK), type_="check")
        batch_op.drop_constraint(batch_op.f(KEY), type_="foreignkey")
        batch_op.drop_column("part_of_id")
