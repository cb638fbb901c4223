"""Rules of completion, in versions, and the dated decisions that they were met."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.catalogue.models import Course
from courses.learning.models import Enrolment
from lms.kit import clock
from lms.kit.db import Base, Keyed
from lms.people.models import Person
from lms.pipeline.models import Programme, Traineeship


class CompletionRule(Keyed, Base):
    """What it takes to complete a course or a programme. Changing it adds a version; earlier completions keep theirs.

    A course: `activities_percent` of the required activities done, every quiz at `quiz_minimum` per cent on average, every
    assignment marked with `assignment_minimum` per cent at least. A programme: `activities_percent` of the required offerings
    of the cohort completed, so all of them unless that was changed; the other two numbers are 0.
    """

    __tablename__ = "completion_rule"
    __table_args__ = (
        CheckConstraint("(course_id IS NULL) <> (programme_id IS NULL)", name="is_for_a_course_or_a_programme"),
        UniqueConstraint("course_id", "version"),
        UniqueConstraint("programme_id", "version"),
        CheckConstraint("activities_percent BETWEEN 0 AND 100", name="activities_is_a_percentage"),
        CheckConstraint("quiz_minimum BETWEEN 0 AND 100", name="quiz_is_a_percentage"),
        CheckConstraint("assignment_minimum BETWEEN 0 AND 100", name="assignment_is_a_percentage"),
    )

    course_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("course.id", ondelete="RESTRICT"))
    programme_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("programme.id", ondelete="RESTRICT"))
    version: Mapped[int]
    activities_percent: Mapped[int] = mapped_column(default=100)
    quiz_minimum: Mapped[int] = mapped_column(default=60)
    assignment_minimum: Mapped[int] = mapped_column(default=60)
    set_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    set_at: Mapped[datetime] = mapped_column(default=clock.now)
    reason: Mapped[str] = mapped_column(default="")

    course: Mapped[Course | None] = relationship()
    programme: Mapped[Programme | None] = relationship()
    set_by: Mapped[Person | None] = relationship()


class Completion(Keyed, Base):
    """That a person completed a course (an enrolment) or the programme (a traineeship), by which rule, with which numbers."""

    __tablename__ = "completion"
    __table_args__ = (
        CheckConstraint("(enrolment_id IS NULL) <> (traineeship_id IS NULL)", name="is_of_a_course_or_a_programme"),
        Index(
            "uq_completion_enrolment",
            "enrolment_id",
            unique=True,
            sqlite_where=text("enrolment_id IS NOT NULL"),
            postgresql_where=text("enrolment_id IS NOT NULL"),
        ),
        Index(
            "uq_completion_traineeship",
            "traineeship_id",
            unique=True,
            sqlite_where=text("traineeship_id IS NOT NULL"),
            postgresql_where=text("traineeship_id IS NOT NULL"),
        ),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    enrolment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("enrolment.id", ondelete="RESTRICT"))
    traineeship_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("traineeship.id", ondelete="RESTRICT"))
    rule_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("completion_rule.id", ondelete="RESTRICT"))
    decided_at: Mapped[datetime] = mapped_column(default=clock.now)
    evidence: Mapped[dict[str, Any]]  # each condition with the number that met it

    person: Mapped[Person] = relationship()
    enrolment: Mapped[Enrolment | None] = relationship()
    traineeship: Mapped[Traineeship | None] = relationship()
    rule: Mapped[CompletionRule] = relationship()
