"""Employers, placements and the rounds in which people are asked; anonymous surveys."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KINDS = ("job", "internship", "own_company")
EVIDENCE = ("insurance", "letter", "own_word", "phone")
OUTCOMES = ("employed", "own_company", "studying", "seeking", "not_reached")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _employers()
    _placements()
    _follow_ups()
    _surveys()


def _employers() -> None:
    op.create_table(
        "employer",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("in_hub", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("business", "contact", "note")),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_keys("employer", made_by_id="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer")),
        sa.UniqueConstraint("name", name=op.f("uq_employer_name")),
    )
    op.create_table(
        "opening",
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _kind("rolekind", KINDS), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("seats > 0", name=op.f("ck_opening_seats_are_positive")),
        sa.CheckConstraint("kind <> 'own_company'", name=op.f("ck_opening_is_offered_by_somebody_else")),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name=op.f("ck_opening_closed_by_somebody")),
        *_keys("opening", employer_id="employer", made_by_id="person", closed_by_id="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
    )
    op.create_index(op.f("ix_opening_employer_id"), "opening", ["employer_id"])


def _placements() -> None:
    op.create_table(
        "placement",
        sa.Column("traineeship_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("kind", _kind("rolekind", KINDS), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("evidence", _kind("evidence", EVIDENCE), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind = 'own_company' OR employer_id IS NOT NULL", name=op.f("ck_placement_has_an_employer")
        ),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= started_on", name=op.f("ck_placement_ends_after_it_starts")
        ),
        sa.CheckConstraint("replaces_id IS NULL OR reason <> ''", name=op.f("ck_placement_correction_has_a_reason")),
        *_keys(
            "placement",
            traineeship_id="traineeship",
            employer_id="employer",
            file_id="stored_file",
            recorded_by_id="person",
            replaces_id="placement",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_placement_replaces_id")),
    )
    op.create_index(op.f("ix_placement_traineeship_id"), "placement", ["traineeship_id"])
    op.create_index(op.f("ix_placement_employer_id"), "placement", ["employer_id"])


def _follow_ups() -> None:
    op.create_table(
        "follow_up",
        sa.Column("traineeship_id", sa.Uuid(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("months IN (3, 6, 12, 18, 24)", name=op.f("ck_follow_up_months_are_a_round")),
        *_keys("follow_up", traineeship_id="traineeship"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("traineeship_id", "months", name=op.f("uq_follow_up_traineeship_id_months")),
    )
    op.create_table(
        "contact",
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", _kind("outcome", OUTCOMES), nullable=False),
        sa.Column("evidence", _kind("evidence", EVIDENCE), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_keys("contact", follow_up_id="follow_up", by_id="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index("ix_contact_follow_up", "contact", ["follow_up_id", "at"])


def _surveys() -> None:
    op.create_table(
        "questionnaire",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_keys("questionnaire", made_by_id="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint("number", name=op.f("uq_questionnaire_number")),
    )
    op.create_table(
        "survey",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("questionnaire_id", sa.Uuid(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("invited_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("opens_on <= closes_on", name=op.f("ck_survey_opens_before_it_closes")),
        sa.CheckConstraint(
            "closed_by_id IS NULL OR closed_at IS NOT NULL", name=op.f("ck_survey_closed_by_somebody_at_a_time")
        ),
        *_keys(
            "survey", cohort_id="cohort", questionnaire_id="questionnaire", made_by_id="person", closed_by_id="person"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("subject", name=op.f("uq_survey_subject")),
    )
    op.create_index(op.f("ix_survey_cohort_id"), "survey", ["cohort_id"])
    op.create_table(
        "survey_mark",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        *_keys("survey_mark", survey_id="survey", person_id="person"),
        sa.PrimaryKeyConstraint("survey_id", "person_id", name=op.f("pk_survey_mark")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_survey_mark_person_id"), "survey_mark", ["person_id"])
    op.create_table(
        "survey_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("scale", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.CheckConstraint("(scale IS NULL) <> (text IS NULL)", name=op.f("ck_survey_answer_is_a_step_or_a_text")),
        sa.CheckConstraint("scale BETWEEN 1 AND 5", name=op.f("ck_survey_answer_scale_is_one_to_five")),
        *_keys("survey_answer", survey_id="survey"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_answer_survey", "survey_answer", ["survey_id"])


def _kind(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def _keys(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT")
        for column, target in targets.items()
    ]


def downgrade() -> None:
    for table in (
        "survey_answer", "survey_mark", "survey", "questionnaire", "contact", "follow_up", "placement", "opening", "employer",
    ):  # fmt: skip
        op.drop_table(table)
