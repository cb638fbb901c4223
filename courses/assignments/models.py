"""Work that people mark: what was handed in, by which criteria it was judged, and what was released."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.catalogue.models import Activity
from courses.learning.models import Enrolment, Offering
from lms.kit import clock
from lms.kit.db import Base, Keyed
from lms.kit.stored_file import StoredFile
from lms.kit.words import Words
from lms.people.models import Person


class Assignment(Base):
    """How an assignment is judged; its text is the activity's."""

    __tablename__ = "assignment"
    __table_args__ = (CheckConstraint("pass_percent BETWEEN 0 AND 100", name="pass_is_a_percentage"),)

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id", ondelete="RESTRICT"), primary_key=True)
    pass_percent: Mapped[int]

    activity: Mapped[Activity] = relationship()
    criteria: Mapped[list["Criterion"]] = relationship(back_populates="assignment", order_by="Criterion.position")


class Criterion(Keyed, Base):
    """One row of the rubric."""

    __tablename__ = "criterion"
    __table_args__ = (
        UniqueConstraint("activity_id", "position"),
        CheckConstraint("points > 0", name="points_are_positive"),
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assignment.activity_id", ondelete="RESTRICT"))
    key: Mapped[str]
    position: Mapped[int]
    title: Mapped[Words]
    points: Mapped[int]

    assignment: Mapped[Assignment] = relationship(back_populates="criteria")
    levels: Mapped[list["Level"]] = relationship(back_populates="criterion", order_by="Level.position")


class Level(Keyed, Base):
    """One step of a criterion: what it takes, and the range of points inside it (both ends belong to it)."""

    __tablename__ = "level"
    __table_args__ = (
        UniqueConstraint("criterion_id", "position"),
        CheckConstraint("0 <= lowest AND lowest <= highest", name="range_is_in_order"),
    )

    criterion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("criterion.id", ondelete="RESTRICT"))
    position: Mapped[int]
    title: Mapped[Words]
    description: Mapped[Words]
    lowest: Mapped[int]
    highest: Mapped[int]

    criterion: Mapped[Criterion] = relationship(back_populates="levels")


class Draft(Keyed, Base):
    """What a trainee has written and not yet handed in."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("enrolment_id", "activity_id"),)

    enrolment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrolment.id", ondelete="RESTRICT"))
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assignment.activity_id", ondelete="RESTRICT"))
    text: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime] = mapped_column(default=clock.now)


class Submission(Keyed, Base):
    """One version of handed-in work. Never changed; the newest is the one that is marked."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "activity_id", "number"),
        Index("ix_submission_activity_handed_in", "activity_id", "handed_in_at"),
    )

    enrolment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrolment.id", ondelete="RESTRICT"))
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assignment.activity_id", ondelete="RESTRICT"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(default="")
    text_sha256: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    handed_in_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime | None]  # the deadline that held for this person at that moment
    receipt: Mapped[str] = mapped_column(unique=True)

    enrolment: Mapped[Enrolment] = relationship()
    assignment: Mapped[Assignment] = relationship()
    files: Mapped[list["SubmittedFile"]] = relationship(back_populates="submission", order_by="SubmittedFile.position")
    markings: Mapped[list["Marking"]] = relationship(back_populates="submission", order_by="Marking.number")

    @property
    def late(self) -> bool:
        return self.due_at is not None and self.handed_in_at >= self.due_at


class SubmittedFile(Keyed, Base):
    """One file of a submission."""

    __tablename__ = "submitted_file"
    __table_args__ = (UniqueConstraint("submission_id", "position"),)

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id", ondelete="RESTRICT"))
    position: Mapped[int]
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))

    submission: Mapped[Submission] = relationship(back_populates="files")
    file: Mapped[StoredFile] = relationship()


class Marking(Keyed, Base):
    """One marker's judgement of a submission: all its marks, saved together. The newest number counts; none is overwritten."""

    __tablename__ = "marking"
    __table_args__ = (
        UniqueConstraint("submission_id", "number"),  # two markers at once: the second meets this and is told
        CheckConstraint("points >= 0 AND points <= most", name="points_within_most"),
    )

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id", ondelete="RESTRICT"))
    number: Mapped[int]
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    marked_at: Mapped[datetime] = mapped_column(default=clock.now)
    comment: Mapped[str] = mapped_column(default="")
    points: Mapped[int]
    most: Mapped[int]
    passed: Mapped[bool]

    submission: Mapped[Submission] = relationship(back_populates="markings")
    by: Mapped[Person] = relationship()
    marks: Mapped[list["Mark"]] = relationship(back_populates="marking")


class Mark(Keyed, Base):
    """One decision about one criterion."""

    __tablename__ = "mark"
    __table_args__ = (
        UniqueConstraint("marking_id", "criterion_id"),
        CheckConstraint("points >= 0", name="points_are_not_negative"),
    )

    marking_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("marking.id", ondelete="RESTRICT"))
    criterion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("criterion.id", ondelete="RESTRICT"), index=True)
    level_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("level.id", ondelete="RESTRICT")
    )  # None: a criterion without levels
    points: Mapped[int]
    comment: Mapped[str] = mapped_column(default="")

    marking: Mapped[Marking] = relationship(back_populates="marks")
    criterion: Mapped[Criterion] = relationship()
    level: Mapped[Level | None] = relationship()


class Release(Keyed, Base):
    """That marks of an assignment in an offering were shown to the trainees, all in one step."""

    __tablename__ = "release"

    offering_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("offering.id", ondelete="RESTRICT"), index=True)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assignment.activity_id", ondelete="RESTRICT"))
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    released_at: Mapped[datetime] = mapped_column(default=clock.now)

    offering: Mapped[Offering] = relationship()
    by: Mapped[Person] = relationship()


class ReleasedMarking(Base):
    """Which markings a release showed."""

    __tablename__ = "released_marking"

    marking_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("marking.id", ondelete="RESTRICT"), primary_key=True)
    release_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("release.id", ondelete="RESTRICT"), index=True)

    marking: Mapped[Marking] = relationship()
    release: Mapped[Release] = relationship()
