"""What was promised for a year, and what waits for a second person."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kit import clock
from lms.kit.db import Base, Keyed
from lms.people.models import Person
from lms.pipeline.models import Cohort, Programme


class Target(Keyed, Base):
    """The promised number of experts of a programme in a year. Changing it adds a version; the latest one holds."""

    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint("programme_id", "year", "version"),
        CheckConstraint("number >= 0", name="number_is_not_negative"),
        CheckConstraint("version > 0", name="version_is_positive"),
        CheckConstraint("year BETWEEN 2000 AND 2200", name="year_is_sane"),
    )

    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id", ondelete="RESTRICT"))
    year: Mapped[int]
    version: Mapped[int]
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(default="")
    set_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    set_at: Mapped[datetime] = mapped_column(default=clock.now)

    programme: Mapped[Programme] = relationship()
    set_by: Mapped[Person | None] = relationship()


class Awaited(Base):
    """That something about people of a cohort waits until another lead decides. Whoever holds it writes and deletes the row."""

    __tablename__ = "awaited"
    __table_args__ = (CheckConstraint("people > 0", name="people_are_positive"),)

    subject_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort.id", ondelete="RESTRICT"), index=True)
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    people: Mapped[int]

    cohort: Mapped[Cohort] = relationship()
    asked_by: Mapped[Person] = relationship()
