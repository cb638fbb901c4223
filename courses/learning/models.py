"""A course given to people, and how far each has come."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.catalogue.models import Activity, Course, CourseVersion
from lms.kit import clock
from lms.kit.db import Base, Keyed
from lms.people.models import Person
from lms.pipeline.models import Cohort, Traineeship


class Offering(Keyed, Base):
    """A course given to a cohort, with dates. New enrolments start on `version`."""

    __tablename__ = "offering"
    __table_args__ = (
        UniqueConstraint("cohort_id", "course_id"),
        CheckConstraint("opens_on <= closes_on", name="opens_before_it_closes"),
    )

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort.id", ondelete="RESTRICT"))
    course_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("course.id", ondelete="RESTRICT"), index=True)
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("course_version.id", ondelete="RESTRICT"))
    position: Mapped[int] = mapped_column(default=0)
    required: Mapped[bool] = mapped_column(default=True)
    opens_on: Mapped[date]
    closes_on: Mapped[date]

    cohort: Mapped[Cohort] = relationship()
    course: Mapped[Course] = relationship()
    version: Mapped[CourseVersion] = relationship()


class Teaching(Keyed, Base):
    """That a person teaches and marks in an offering."""

    __tablename__ = "teaching"
    __table_args__ = (UniqueConstraint("offering_id", "person_id"),)

    offering_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("offering.id", ondelete="RESTRICT"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    since: Mapped[datetime] = mapped_column(default=clock.now)

    offering: Mapped[Offering] = relationship()
    person: Mapped[Person] = relationship()


class Deadline(Keyed, Base):
    """Until when an activity of an offering is due, for everybody (no person) or as one person's extension."""

    __tablename__ = "deadline"
    __table_args__ = (
        Index("ix_deadline_offering_activity", "offering_id", "activity_key"),
        Index("ix_deadline_person", "person_id"),
    )

    offering_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("offering.id", ondelete="RESTRICT"))
    activity_key: Mapped[str]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    due_at: Mapped[datetime | None]  # None: from then on without one
    set_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    set_at: Mapped[datetime] = mapped_column(default=clock.now)
    reason: Mapped[str] = mapped_column(default="")


class Enrolment(Keyed, Base):
    """A person in an offering, on the version that they started, with where they left off."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("offering_id", "person_id"),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress_is_a_percentage"),
    )

    offering_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("offering.id", ondelete="RESTRICT"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    traineeship_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("traineeship.id", ondelete="RESTRICT"), index=True)
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("course_version.id", ondelete="RESTRICT"), index=True)
    enrolled_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]
    progress: Mapped[int] = mapped_column(default=0)  # per cent of the version's required activities that are done
    last_activity_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("activity.id", ondelete="RESTRICT"))
    last_activity_at: Mapped[datetime | None]

    offering: Mapped[Offering] = relationship()
    person: Mapped[Person] = relationship()
    traineeship: Mapped[Traineeship] = relationship()
    version: Mapped[CourseVersion] = relationship()
    last_activity: Mapped[Activity | None] = relationship()


class ActivityProgress(Keyed, Base):
    """That a person opened an activity, how far they came in it, and when it was done."""

    __tablename__ = "activity_progress"
    __table_args__ = (UniqueConstraint("enrolment_id", "activity_id"),)

    enrolment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrolment.id", ondelete="RESTRICT"))
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id", ondelete="RESTRICT"))
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None]
    place: Mapped[str] = mapped_column(default="")  # the heading that was last in view, to resume there
