"""Designs that belong to a programme, in versions; folders of designs that were brought in."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        "design_folder",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("brought_by_id", sa.Uuid(), nullable=True),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_design_folder_number_is_positive")),
        _key("design_folder", "file_id", "stored_file"),
        _key("design_folder", "brought_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_design_folder")),
        sa.UniqueConstraint("name", "number", name=op.f("uq_design_folder_name_number")),
        sa.UniqueConstraint("sha256", name=op.f("uq_design_folder_sha256")),
    )
    op.create_table(
        "certificate_design",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_certificate_design_name_is_there")),
        _key("certificate_design", "programme_id", "programme"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_design")),
        sa.UniqueConstraint("programme_id", "name", name=op.f("uq_certificate_design_programme_id_name")),
    )
    _versions()
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("drawn_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_certificate_drawn_id"), "design_version", ["drawn_id"], ["id"], ondelete="RESTRICT"
        )
    with op.batch_alter_table("issuing_rule", schema=None) as batch_op:
        batch_op.add_column(sa.Column("own_design_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_issuing_rule_own_design_id"),
            "certificate_design",
            ["own_design_id"],
            ["id"],
            ondelete="RESTRICT",
        )


def _versions() -> None:
    checks = {
        "version_is_positive": "version > 0",
        "reason_is_there": "length(reason) > 0",
        "languages_are_printed": "languages IN ('ko', 'en', 'both')",
        "signatory_has_an_office": "(signatory IS NULL) = (signatory_title IS NULL)",
    }
    op.create_table(
        "design_version",
        sa.Column("design_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("folder_id", sa.Uuid(), nullable=True),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("wording", sa.JSON(), nullable=False),
        sa.Column("signatory", sa.JSON(), nullable=True),
        sa.Column("signatory_title", sa.JSON(), nullable=True),
        sa.Column("seal_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_design_version_{name}")) for name, rule in checks.items()),
        _key("design_version", "design_id", "certificate_design"),
        _key("design_version", "folder_id", "design_folder"),
        _key("design_version", "seal_id", "stored_file"),
        _key("design_version", "set_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_design_version")),
        sa.UniqueConstraint("design_id", "version", name=op.f("uq_design_version_design_id_version")),
    )


def downgrade() -> None:
    with op.batch_alter_table("issuing_rule", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_issuing_rule_own_design_id"), type_="foreignkey")
        batch_op.drop_column("own_design_id")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_certificate_drawn_id"), type_="foreignkey")
        batch_op.drop_column("drawn_id")
    for table in ("design_version", "certificate_design", "design_folder"):
        op.drop_table(table)
