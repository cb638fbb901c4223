"""Definitions of an expert in versions, moves that count from a moment, days of the ledger added up, profiles for statistics."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BACK = "before IN ('certified', 'placed') AND stage = 'completed'"
LINES = (
    ("ix_stage_event_line", ["cohort_id", "person_id", "recorded_at", "id", "counts_from"]),
    ("ix_stage_event_stage", ["stage", "counts_from", "cohort_id", "person_id", "recorded_at"]),
    (
        "ix_stage_event_cohort_stage",
        ["cohort_id", "stage", "before", "counts_from", "recorded_at", "person_id", "reason"],
    ),
    ("ix_stage_event_recorded", ["recorded_at"]),
)
# A move counts from when it happened, or from when the one before it did, where that was later.
COUNTS_FROM = """
UPDATE stage_event SET counts_from = (
    SELECT max(earlier.happened_at) FROM stage_event AS earlier
    WHERE earlier.cohort_id = stage_event.cohort_id AND earlier.person_id = stage_event.person_id
    AND (earlier.recorded_at < stage_event.recorded_at
         OR (earlier.recorded_at = stage_event.recorded_at AND earlier.id <= stage_event.id))
)
"""
STAGES = (
    "applied",
    "waiting",
    "declined",
    "withdrawn",
    "admitted",
    "training",
    "completed",
    "certified",
    "placed",
    "left",
)
REASONS = ("employed", "health", "time", "level", "moved", "rules", "other")


def _kinds(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def upgrade() -> None:
    _moves()
    _definitions()
    _counts()
    op.create_table(
        "profile",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sex", _kinds("female", "male", "other", name="sex"), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("region", _kinds("yangjae", "seoul", "capital", "elsewhere", name="region"), nullable=True),
        sa.Column(
            "field",
            _kinds(
                "computing", "science", "engineering", "business", "humanities", "health", "arts", "other", name="field"
            ),
            nullable=True,
        ),
        sa.Column(
            "employment",
            _kinds("studying", "seeking", "employed", "self_employed", "other", name="employment"),
            nullable=True,
        ),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("birth_year BETWEEN 1900 AND 2100", name=op.f("ck_profile_birth_year_is_sane")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_profile_person_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_profile")),
    )


def _moves() -> None:
    op.add_column("stage_event", sa.Column("counts_from", sa.DateTime(timezone=True), nullable=True))
    op.execute(COUNTS_FROM)
    with op.batch_alter_table("stage_event", schema=None) as batch_op:
        batch_op.alter_column("counts_from", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.drop_index("ix_stage_event_cohort_person")
        batch_op.drop_index("ix_stage_event_stage_happened")
    for name, columns in LINES:
        op.create_index(name, "stage_event", columns)
    op.create_index(
        "ix_stage_event_back",
        "stage_event",
        ["cohort_id", "person_id"],
        sqlite_where=sa.text(BACK),
        postgresql_where=sa.text(BACK),
    )


def _definitions() -> None:
    op.create_table(
        "expert_definition",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("from_year", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_expert_definition_version_is_positive")),
        sa.CheckConstraint("from_year BETWEEN 2000 AND 2200", name=op.f("ck_expert_definition_year_is_sane")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_expert_definition_programme_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["person.id"], name=op.f("fk_expert_definition_set_by_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_definition")),
        sa.UniqueConstraint("programme_id", "version", name=op.f("uq_expert_definition_programme_id_version")),
    )
    op.create_table(
        "expert_clause",
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column(
            "achievement",
            _kinds("completed", "certified", "placed", "employed", name="achievement"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"],
            ["expert_definition.id"],
            name=op.f("fk_expert_clause_definition_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_expert_clause_programme_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_clause")),
        sa.UniqueConstraint(
            "definition_id",
            "programme_id",
            "achievement",
            name=op.f("uq_expert_clause_definition_id_programme_id_achievement"),
        ),
    )
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.add_column(sa.Column("definition_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_target_definition_id"), "expert_definition", ["definition_id"], ["id"], ondelete="RESTRICT"
        )


def _counts() -> None:
    op.create_table(
        "move_count",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("stage", _kinds(*STAGES, name="stage"), nullable=False),
        sa.Column("before", _kinds(*STAGES, name="before"), nullable=True),
        sa.Column("reason", _kinds(*REASONS, name="leavingreason"), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("people > 0", name=op.f("ck_move_count_people_are_positive")),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_move_count_cohort_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move_count")),
    )
    op.create_index(
        "ix_move_count_cohort",
        "move_count",
        ["cohort_id", "stage", "before", "reason", "day", "recorded_on", "people"],
    )
    op.create_index("ix_move_count_recorded_on", "move_count", ["recorded_on"])
    op.create_table(
        "counted_until",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_counted_until_there_is_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counted_until")),
    )
    op.create_table(
        "recount",
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("differences", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recount")),
    )
    op.create_index(op.f("ix_recount_made_at"), "recount", ["made_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_recount_made_at"), table_name="recount")
    op.drop_table("recount")
    op.drop_table("counted_until")
    op.drop_table("move_count")
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_target_definition_id"), type_="foreignkey")
        batch_op.drop_column("definition_id")
    op.drop_table("expert_clause")
    op.drop_table("expert_definition")
    op.drop_table("profile")
    op.drop_index("ix_stage_event_back", table_name="stage_event")
    for name, _columns in LINES:
        op.drop_index(name, table_name="stage_event")
    with op.batch_alter_table("stage_event", schema=None) as batch_op:
        batch_op.drop_column("counts_from")
        batch_op.create_index("ix_stage_event_cohort_person", ["cohort_id", "person_id", "happened_at"])
        batch_op.create_index("ix_stage_event_stage_happened", ["stage", "happened_at"])
