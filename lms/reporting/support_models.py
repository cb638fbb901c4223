"""The table of support: that somebody spoke with a trainee."""

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kit import clock
from lms.kit.db import Base, Keyed
from lms.people.models import Person
from lms.pipeline.models import Cohort


class ContactWay(StrEnum):
    """How somebody was spoken with."""

    TALK = "talk"
    CALL = "call"
    MESSAGE = "message"
    MAIL = "mail"
    TRIED = "tried"  # nobody was reached


class SupportContact(Keyed, Base):
    """That somebody spoke with a trainee: who, when, how, what was agreed, and when they look again. Append-only."""

    __tablename__ = "support_contact"
    __table_args__ = (
        CheckConstraint("next_on IS NULL OR next_on >= held_on", name="next_comes_after"),
        CheckConstraint("by_id <> person_id", name="held_by_another"),
        Index("ix_support_contact_whom", "cohort_id", "person_id", "held_on"),
    )

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort.id", ondelete="RESTRICT"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    held_on: Mapped[date]
    how: Mapped[ContactWay]
    agreed: Mapped[str]  # emptied when the person is erased
    next_on: Mapped[date | None]
    noted_at: Mapped[datetime] = mapped_column(default=clock.now)

    cohort: Mapped[Cohort] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
