"""What was promised for a year and what counts towards it, days of the ledger added up, and what waits for a second person."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kit import clock
from lms.kit.db import Base, Keyed, stored
from lms.people.models import Person
from lms.pipeline.models import Cohort, LeavingReason, Programme, Stage


class Achievement(StrEnum):
    """What a definition can count. "certified" and "placed" end with a revocation; the others stay."""

    COMPLETED = "completed"
    CERTIFIED = "certified"
    PLACED = "placed"
    EMPLOYED = "employed"  # left the cohort early, because work was found


class ExpertDefinition(Keyed, Base):
    """Whom a programme counts as an expert, from a year on. Changing it adds a version; a year takes the newest that reaches it."""

    __tablename__ = "expert_definition"
    __table_args__ = (
        UniqueConstraint("programme_id", "version"),
        CheckConstraint("version > 0", name="version_is_positive"),
        CheckConstraint("from_year BETWEEN 2000 AND 2200", name="year_is_sane"),
    )

    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id", ondelete="RESTRICT"))
    version: Mapped[int]
    from_year: Mapped[int]
    reason: Mapped[str]
    set_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    set_at: Mapped[datetime] = mapped_column(default=clock.now)

    programme: Mapped[Programme] = relationship()
    set_by: Mapped[Person | None] = relationship()
    clauses: Mapped[list["ExpertClause"]] = relationship(
        back_populates="definition", cascade="all, delete-orphan", order_by="ExpertClause.id"
    )


class ExpertClause(Keyed, Base):
    """One thing that makes an expert: reaching `achievement` in a cohort of `programme`."""

    __tablename__ = "expert_clause"
    __table_args__ = (UniqueConstraint("definition_id", "programme_id", "achievement"),)

    definition_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expert_definition.id", ondelete="CASCADE"))
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id", ondelete="RESTRICT"))
    achievement: Mapped[Achievement]

    definition: Mapped[ExpertDefinition] = relationship(back_populates="clauses")
    programme: Mapped[Programme] = relationship()


class MoveCount(Keyed, Base):
    """How many people of a cohort made the same move on the same day, recorded on the same day (days of Seoul).

    Written at night from the ledger for all days before `CountedUntil`; what was recorded since is read from the ledger itself.
    """

    __tablename__ = "move_count"
    __table_args__ = (
        CheckConstraint("people > 0", name="people_are_positive"),
        Index("ix_move_count_cohort", "cohort_id", "stage", "before", "reason", "day", "recorded_on", "people"),
        Index("ix_move_count_recorded_on", "recorded_on"),
    )

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort.id", ondelete="RESTRICT"))
    day: Mapped[date]
    recorded_on: Mapped[date]
    stage: Mapped[Stage]
    before: Mapped[Stage | None] = mapped_column(stored(Stage, "before"))
    reason: Mapped[LeavingReason | None]
    people: Mapped[int]


class CountedUntil(Base):
    """The first day whose records are not in `move_count` yet. One row; none before the first night."""

    __tablename__ = "counted_until"
    __table_args__ = (CheckConstraint("id = 1", name="there_is_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    day: Mapped[date]


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
    # The definition that held when the number was promised; none: certificates of the programme itself.
    definition_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("expert_definition.id", ondelete="RESTRICT"))

    programme: Mapped[Programme] = relationship()
    set_by: Mapped[Person | None] = relationship()
    definition: Mapped[ExpertDefinition | None] = relationship()


class Recount(Keyed, Base):
    """That the ledger was compared with everything that is made from it, and what did not agree."""

    __tablename__ = "recount"

    made_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    events: Mapped[int]
    differences: Mapped[dict[str, Any]]  # {"found": […]}, at most a hundred and one


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
