"""The tables of attendance. On screens a `Meeting` is called a session; here that word is the database's."""

import uuid
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.attendance.arithmetic import Danger, Hours
from lms.attendance.terms import Alone, Before, Excused, Marks, Terms, Unit, Way
from lms.kit import clock
from lms.kit.db import Base, Keyed
from lms.kit.stored_file import StoredFile
from lms.kit.words import Words
from lms.people.models import Person
from lms.pipeline.models import Cohort

PAUSE_IS_WHOLE = "(pause_from IS NULL) = (pause_until IS NULL)"
OPEN = "decided_at IS NULL"


class MeetingState(StrEnum):
    PLANNED = "planned"
    HELD = "held"  # from the first stamp or list on
    CANCELLED = "cancelled"


class How(StrEnum):
    """How a stamp came about."""

    CODE = "code"
    LIST = "list"
    CORRECTION = "correction"


class CorrectionKind(StrEnum):
    """What is asked for: that a day is excused, or that somebody was there at other times."""

    EXCUSE = "excuse"
    TIMES = "times"


class AttendanceRule(Keyed, Base):
    """A cohort's rule from a day on. A day is judged by the rule of that day; days are added up by today's."""

    __tablename__ = "attendance_rule"
    __table_args__ = (
        UniqueConstraint("cohort_id", "version"),
        CheckConstraint("version > 0", name="version_is_positive"),
        CheckConstraint(
            "late_after BETWEEN 0 AND 240 AND early_before BETWEEN 0 AND 240 AND out_over BETWEEN 0 AND 240",
            name="minutes_are_few",
        ),
        CheckConstraint("opens_before BETWEEN 0 AND 240 AND closes_after BETWEEN 0 AND 240", name="window_is_short"),
        CheckConstraint("absent_share BETWEEN 1 AND 100", name="absent_share_is_a_percentage"),
        CheckConstraint("per_absence BETWEEN 1 AND 20", name="marks_make_absences"),
        CheckConstraint("threshold BETWEEN 0 AND 100", name="threshold_is_a_percentage"),
        CheckConstraint("warn_at BETWEEN 0 AND 50", name="warning_comes_in_time"),
    )

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort.id", ondelete="RESTRICT"))
    version: Mapped[int]
    valid_from: Mapped[date]
    late_after: Mapped[int]
    early_before: Mapped[int]
    out_over: Mapped[int]
    absent_share: Mapped[int]
    alone: Mapped[Alone]
    marks: Mapped[Marks]
    per_absence: Mapped[int]
    unit: Mapped[Unit]
    excused: Mapped[Excused]
    before: Mapped[Before]
    threshold: Mapped[int]
    warn_at: Mapped[int]
    opens_before: Mapped[int]  # minutes before the beginning from which people can check in
    closes_after: Mapped[int]  # minutes after the end until which they can check out
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    reason: Mapped[str] = mapped_column(default="")

    made_by: Mapped[Person] = relationship()

    @property
    def terms(self) -> Terms:
        return Terms(**{name: getattr(self, name) for name in Terms.__dataclass_fields__})


class TimetablePattern(Keyed, Base):
    """From when to when a cohort is taught on one day of the week (0: Monday), by Seoul's clock."""

    __tablename__ = "timetable_pattern"
    __table_args__ = (
        UniqueConstraint("cohort_id", "weekday"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_is_one_of_seven"),
        CheckConstraint("starts < ends", name="starts_before_it_ends"),
        CheckConstraint(PAUSE_IS_WHOLE, name="pause_is_whole"),
        CheckConstraint(
            "pause_from IS NULL OR (starts < pause_from AND pause_from < pause_until AND pause_until < ends)",
            name="pause_lies_inside",
        ),
    )

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort.id", ondelete="RESTRICT"))
    weekday: Mapped[int]
    starts: Mapped[time]
    ends: Mapped[time]
    pause_from: Mapped[time | None]
    pause_until: Mapped[time | None]
    place: Mapped[str] = mapped_column(default="")


class Meeting(Keyed, Base):
    """One day of a cohort's timetable. It becomes held by its first stamp or list; a cancelled one keeps its stamps."""

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("cohort_id", "day"),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        CheckConstraint(PAUSE_IS_WHOLE, name="pause_is_whole"),
        CheckConstraint(
            "pause_from IS NULL OR (starts_at < pause_from AND pause_from < pause_until AND pause_until < ends_at)",
            name="pause_lies_inside",
        ),
        CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_says_when"),
        CheckConstraint("(state = 'cancelled') = (length(cancelled_reason) > 0)", name="cancelled_says_why"),
        CheckConstraint("state = 'cancelled' OR NOT for_holiday", name="only_cancelled_for_a_holiday"),
        Index("ix_meeting_starts_at", "starts_at"),
    )

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort.id", ondelete="RESTRICT"))
    day: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    pause_from: Mapped[datetime | None]
    pause_until: Mapped[datetime | None]
    place: Mapped[str] = mapped_column(default="")
    state: Mapped[MeetingState] = mapped_column(default=MeetingState.PLANNED)
    by_hand: Mapped[bool] = mapped_column(default=False)  # added beside the timetable; a new plan leaves it alone
    cancelled_at: Mapped[datetime | None]
    cancelled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    cancelled_reason: Mapped[str] = mapped_column(default="")
    for_holiday: Mapped[bool] = mapped_column(default=False)

    cohort: Mapped[Cohort] = relationship()

    @property
    def hours(self) -> Hours:
        return Hours(self.starts_at, self.ends_at, self.pause_from, self.pause_until)


class Holiday(Keyed, Base):
    """A day that differs from the public calendar: the hub is closed, or it is open on a public holiday."""

    __tablename__ = "holiday"
    __table_args__ = (
        Index(
            "uq_holiday_day_holding",
            "day",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn_by_somebody"),
    )

    day: Mapped[date]
    name: Mapped[Words]
    closed: Mapped[bool] = mapped_column(default=True)
    declared_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    declared_at: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))


class Stamp(Keyed, Base):
    """That somebody came or went. Never changed; one that a list or a correction replaced is struck, not deleted."""

    __tablename__ = "stamp"
    __table_args__ = (
        Index("ix_stamp_meeting_person", "meeting_id", "person_id", "at"),
        CheckConstraint("(struck_at IS NULL) = (struck_by_id IS NULL)", name="struck_by_somebody"),
        CheckConstraint("how <> 'code' OR by_id = person_id", name="codes_are_typed_by_oneself"),
        CheckConstraint("(how = 'correction') = (correction_id IS NOT NULL)", name="corrections_are_named"),
    )

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id", ondelete="RESTRICT"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    way: Mapped[Way]
    at: Mapped[datetime]
    how: Mapped[How]
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    noted_at: Mapped[datetime] = mapped_column(default=clock.now)
    correction_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("attendance_correction.id", ondelete="RESTRICT"))
    struck_at: Mapped[datetime | None]
    struck_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))

    by: Mapped[Person] = relationship(foreign_keys=[by_id])


class AttendanceCorrection(Keyed, Base):
    """A request to excuse a day or to change its times, with a reason; somebody else decides."""

    __tablename__ = "attendance_correction"
    __table_args__ = (
        Index(
            "uq_attendance_correction_open",
            "meeting_id",
            "person_id",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
        Index("ix_attendance_correction_person", "person_id"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
        CheckConstraint("(decided_at IS NULL) = (accepted IS NULL)", name="decided_one_way"),
        CheckConstraint("decided_by_id <> asked_by_id AND decided_by_id <> person_id", name="decided_by_a_second"),
        CheckConstraint("kind <> 'times' OR in_at IS NOT NULL OR out_at IS NOT NULL", name="times_are_told"),
        CheckConstraint("part_of_id IS NULL OR kind = 'excuse'", name="only_excuses_come_together"),
        CheckConstraint("in_at IS NULL OR out_at IS NULL OR in_at < out_at", name="in_before_out"),
    )

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id", ondelete="RESTRICT"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    kind: Mapped[CorrectionKind]
    in_at: Mapped[datetime | None]
    out_at: Mapped[datetime | None]
    reason: Mapped[str]
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    accepted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(default="")
    part_of_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("attendance_correction.id", ondelete="RESTRICT"), index=True
    )  # the first of several sessions that were asked for, and are decided about, at once

    parts: Mapped[list["AttendanceCorrection"]] = relationship(order_by="AttendanceCorrection.id")
    meeting: Mapped[Meeting] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    file: Mapped[StoredFile | None] = relationship()

    @property
    def sessions(self) -> list["AttendanceCorrection"]:
        """What is asked for: this session and those that were asked for with it, by day."""
        return sorted([self, *self.parts], key=lambda each: each.meeting.day)


class Keeper(Keyed, Base):
    """That a person keeps the attendance of a cohort, beside those who lead it."""

    __tablename__ = "keeper"
    __table_args__ = (UniqueConstraint("person_id", "cohort_id"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort.id", ondelete="RESTRICT"), index=True)
    since: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = relationship()


class AttendanceWarning(Keyed, Base):
    """That somebody was written to because few absences are left, or none, or too many were had. Once for each."""

    __tablename__ = "attendance_warning"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id", "danger"),)

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort.id", ondelete="RESTRICT"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    danger: Mapped[Danger]
    absences_left: Mapped[int]
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
