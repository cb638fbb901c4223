"""Certificates expire, are corrected by a new one, are revoked on a ground, and are shown by links."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

GROUND = sa.Enum(
    "error",
    "withdrawn_by_holder",
    "misconduct",
    "superseded",
    "other",
    name="ground",
    native_enum=False,
    create_constraint=True,
    length=20,
)
NEW = {
    "ck_certificate_holds_a_day": "expires_on >= issued_on",
    "ck_certificate_correction_says_why": "(replaces_id IS NULL) = (correction IS NULL)",
}


def upgrade() -> None:
    with op.batch_alter_table("revocation") as batch_op:
        batch_op.add_column(sa.Column("ground", sa.Text(), nullable=True))
    op.execute("UPDATE revocation SET ground = 'other'")  # nobody was asked for one
    with op.batch_alter_table("revocation") as batch_op:
        batch_op.alter_column("ground", existing_type=sa.Text(), type_=GROUND, nullable=False)
    with op.batch_alter_table("certificate") as batch_op:
        batch_op.add_column(sa.Column("expires_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("correction", sa.Text(), nullable=True))
    op.execute("UPDATE certificate SET correction = '' WHERE replaces_id IS NOT NULL")
    with op.batch_alter_table("certificate") as batch_op:
        for name, rule in NEW.items():
            batch_op.create_check_constraint(batch_op.f(name), rule)
    op.create_table(
        "certificate_share",
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_certificate_share_certificate_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_share")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_certificate_share_token_sha256")),
    )
    with op.batch_alter_table("certificate_share", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_share_certificate_id"), ["certificate_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("certificate_share", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_share_certificate_id"))

    op.drop_table("certificate_share")
    with op.batch_alter_table("certificate") as batch_op:
        for name in NEW:
            batch_op.drop_constraint(batch_op.f(name), type_="check")
        batch_op.drop_column("correction")
        batch_op.drop_column("expires_on")
    with op.batch_alter_table("revocation") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_revocation_ground"), type_="check")
        batch_op.drop_column("ground")
