"""Attendance: rules, timetables, sessions, holidays, stamps, corrections, keepers, warnings."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PAUSE = "(pause_from IS NULL) = (pause_until IS NULL)"


def upgrade() -> None:
    _rules()
    _timetables()
    _holidays()
    _corrections()
    _stamps()
    _people()
    _keepers_from_teaching()


def _moment(name: str, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _key(name: str, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=null)


def _whole(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _one_of(name: str, *values: str, check: str = "") -> sa.Column:
    kinds = sa.Enum(*values, name=check or name, native_enum=False, create_constraint=True, length=20)
    return sa.Column(name, kinds, nullable=False)


def _table(name: str, *columns: sa.Column, checks: dict[str, str], keys: dict[str, str], **unique: list[str]) -> None:
    """A table with a key of its own, CHECKs by their short names, foreign keys by column, and UNIQUEs."""
    op.create_table(
        name,
        *columns,
        _key("id"),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{name}_{short}")) for short, rule in checks.items()),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{name}_{column}"), ondelete="RESTRICT")
            for column, target in keys.items()
        ),
        *(sa.UniqueConstraint(*those, name=op.f(f"uq_{name}_{'_'.join(those)}")) for those in unique.values()),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )


def _open_once(index: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(index, table, columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _rules() -> None:
    _table(
        "attendance_rule",
        _key("cohort_id"),
        *_whole("version"),
        sa.Column("valid_from", sa.Date(), nullable=False),
        *_whole("late_after", "early_before", "out_over", "absent_share"),
        _one_of("alone", "mark", "absent"),
        _one_of("marks", "together", "half"),
        *_whole("per_absence"),
        _one_of("unit", "whole", "month"),
        _one_of("excused", "present", "left_out"),
        _one_of("before", "left_out", "absent"),
        *_whole("threshold", "warn_at", "opens_before", "closes_after"),
        _key("made_by_id"),
        _moment("made_at"),
        sa.Column("reason", sa.Text(), nullable=False),
        checks={
            "version_is_positive": "version > 0",
            "minutes_are_few": "late_after BETWEEN 0 AND 240 AND early_before BETWEEN 0 AND 240 AND out_over BETWEEN 0 AND 240",
            "window_is_short": "opens_before BETWEEN 0 AND 240 AND closes_after BETWEEN 0 AND 240",
            "absent_share_is_a_percentage": "absent_share BETWEEN 1 AND 100",
            "marks_make_absences": "per_absence BETWEEN 1 AND 20",
            "threshold_is_a_percentage": "threshold BETWEEN 0 AND 100",
            "warning_comes_in_time": "warn_at BETWEEN 0 AND 50",
        },
        keys={"cohort_id": "cohort", "made_by_id": "person"},
        once=["cohort_id", "version"],
    )


def _timetables() -> None:
    _table(
        "timetable_pattern",
        _key("cohort_id"),
        *_whole("weekday"),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("pause_from", sa.Time(), nullable=True),
        sa.Column("pause_until", sa.Time(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        checks={
            "weekday_is_one_of_seven": "weekday BETWEEN 0 AND 6",
            "starts_before_it_ends": "starts < ends",
            "pause_is_whole": PAUSE,
            "pause_lies_inside": "pause_from IS NULL OR (starts < pause_from AND pause_from < pause_until AND pause_until < ends)",
        },
        keys={"cohort_id": "cohort"},
        once=["cohort_id", "weekday"],
    )
    _table(
        "meeting",
        _key("cohort_id"),
        sa.Column("day", sa.Date(), nullable=False),
        _moment("starts_at"),
        _moment("ends_at"),
        _moment("pause_from", True),
        _moment("pause_until", True),
        sa.Column("place", sa.Text(), nullable=False),
        _one_of("state", "planned", "held", "cancelled", check="meetingstate"),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        _moment("cancelled_at", True),
        _key("cancelled_by_id", True),
        sa.Column("cancelled_reason", sa.Text(), nullable=False),
        sa.Column("for_holiday", sa.Boolean(), nullable=False),
        checks={
            "starts_before_it_ends": "starts_at < ends_at",
            "pause_is_whole": PAUSE,
            "pause_lies_inside": "pause_from IS NULL OR (starts_at < pause_from AND pause_from < pause_until AND pause_until < ends_at)",
            "cancelled_says_when": "(state = 'cancelled') = (cancelled_at IS NOT NULL)",
            "cancelled_says_why": "(state = 'cancelled') = (length(cancelled_reason) > 0)",
            "only_cancelled_for_a_holiday": "state = 'cancelled' OR NOT for_holiday",
        },
        keys={"cohort_id": "cohort", "cancelled_by_id": "person"},
        once=["cohort_id", "day"],
    )
    op.create_index("ix_meeting_starts_at", "meeting", ["starts_at"])


def _holidays() -> None:
    _table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        _key("declared_by_id"),
        _moment("declared_at"),
        _moment("withdrawn_at", True),
        _key("withdrawn_by_id", True),
        checks={"withdrawn_by_somebody": "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)"},
        keys={"declared_by_id": "person", "withdrawn_by_id": "person"},
    )
    _open_once("uq_holiday_day_holding", "holiday", ["day"], "withdrawn_at IS NULL")


def _corrections() -> None:
    _table(
        "attendance_correction",
        _key("meeting_id"),
        _key("person_id"),
        _one_of("kind", "excuse", "times", check="correctionkind"),
        _moment("in_at", True),
        _moment("out_at", True),
        sa.Column("reason", sa.Text(), nullable=False),
        _key("file_id", True),
        _key("asked_by_id"),
        _moment("asked_at"),
        _moment("decided_at", True),
        _key("decided_by_id", True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        checks={
            "decided_by_somebody": "(decided_at IS NULL) = (decided_by_id IS NULL)",
            "decided_one_way": "(decided_at IS NULL) = (accepted IS NULL)",
            "decided_by_a_second": "decided_by_id <> asked_by_id AND decided_by_id <> person_id",
            "times_are_told": "kind <> 'times' OR in_at IS NOT NULL OR out_at IS NOT NULL",
            "in_before_out": "in_at IS NULL OR out_at IS NULL OR in_at < out_at",
        },
        keys={
            "meeting_id": "meeting",
            "person_id": "person",
            "file_id": "stored_file",
            "asked_by_id": "person",
            "decided_by_id": "person",
        },
    )
    op.create_index("ix_attendance_correction_person", "attendance_correction", ["person_id"])
    open_ones = ["meeting_id", "person_id"]
    _open_once("uq_attendance_correction_open", "attendance_correction", open_ones, "decided_at IS NULL")


def _stamps() -> None:
    _table(
        "stamp",
        _key("meeting_id"),
        _key("person_id"),
        _one_of("way", "in", "out"),
        _moment("at"),
        _one_of("how", "code", "list", "correction"),
        _key("by_id"),
        _moment("noted_at"),
        _key("correction_id", True),
        _moment("struck_at", True),
        _key("struck_by_id", True),
        checks={
            "struck_by_somebody": "(struck_at IS NULL) = (struck_by_id IS NULL)",
            "codes_are_typed_by_oneself": "how <> 'code' OR by_id = person_id",
            "corrections_are_named": "(how = 'correction') = (correction_id IS NOT NULL)",
        },
        keys={
            "meeting_id": "meeting",
            "person_id": "person",
            "by_id": "person",
            "correction_id": "attendance_correction",
            "struck_by_id": "person",
        },
    )
    op.create_index("ix_stamp_meeting_person", "stamp", ["meeting_id", "person_id", "at"])
    op.create_index(op.f("ix_stamp_person_id"), "stamp", ["person_id"])


def _people() -> None:
    both = {"person_id": "person", "cohort_id": "cohort"}
    _table(
        "keeper",
        _key("person_id"),
        _key("cohort_id"),
        _moment("since"),
        checks={},
        keys=both,
        once=["person_id", "cohort_id"],
    )
    op.create_index(op.f("ix_keeper_cohort_id"), "keeper", ["cohort_id"])
    _table(
        "attendance_warning",
        _key("cohort_id"),
        _key("person_id"),
        _one_of("danger", "close", "last", "lost"),
        *_whole("absences_left"),
        _moment("written_at"),
        checks={},
        keys=both,
        once=["cohort_id", "person_id", "danger"],
    )
    op.create_index(op.f("ix_attendance_warning_person_id"), "attendance_warning", ["person_id"])


def _keepers_from_teaching() -> None:
    """Who teaches a cohort already keeps its attendance."""
    teaching = sa.table("teaching", sa.column("person_id", sa.Uuid()), sa.column("offering_id"), sa.column("since"))
    since = sa.column("since", sa.DateTime(timezone=True))
    offering = sa.table("offering", sa.column("id"), sa.column("cohort_id", sa.Uuid()))
    keeper = sa.table(
        "keeper",
        sa.column("id", sa.Uuid()),
        sa.column("person_id", sa.Uuid()),
        sa.column("cohort_id", sa.Uuid()),
        since,
    )
    began = sa.func.min(teaching.c.since, type_=sa.DateTime(timezone=True)).label("since")
    found = (
        sa.select(teaching.c.person_id, offering.c.cohort_id, began)
        .join_from(teaching, offering, offering.c.id == teaching.c.offering_id)
        .group_by(teaching.c.person_id, offering.c.cohort_id)
    )
    rows = [{"id": uuid4(), **row._mapping} for row in op.get_bind().execute(found)]
    if rows:
        op.bulk_insert(keeper, rows)


def downgrade() -> None:
    for table in (
        "attendance_warning", "keeper", "stamp", "attendance_correction", "holiday", "meeting", "timetable_pattern",
        "attendance_rule",
    ):  # fmt: skip
        op.drop_table(table)
