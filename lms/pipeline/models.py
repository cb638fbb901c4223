"""The pipeline's tables: what is promised, who applied, who takes part, and the ledger of every move."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kit import clock
from lms.kit.db import Base, Keyed, stored
from lms.kit.stored_file import StoredFile
from lms.kit.words import Words
from lms.people.models import Person


class Stage(StrEnum):
    """Where a person stands in one cohort: the first four on an application, the others on a traineeship."""

    APPLIED = "applied"
    WAITING = "waiting"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ADMITTED = "admitted"
    TRAINING = "training"
    COMPLETED = "completed"
    CERTIFIED = "certified"
    PLACED = "placed"
    LEFT = "left"


class CohortState(StrEnum):
    PLANNED = "planned"
    RUNNING = "running"
    FINISHED = "finished"


class LeavingReason(StrEnum):
    """Why somebody withdrew or left; early employment is told apart from dropping out."""

    EMPLOYED = "employed"
    HEALTH = "health"
    TIME = "time"
    LEVEL = "level"
    MOVED = "moved"
    RULES = "rules"
    OTHER = "other"


class Programme(Keyed, Base):
    """What is promised to the city."""

    __tablename__ = "programme"

    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[Words]
    summary: Mapped[Words]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)

    cohorts: Mapped[list["Cohort"]] = relationship(back_populates="programme", order_by="Cohort.starts_on")


class Cohort(Keyed, Base):
    """One intake of a programme: dates, seats, and the window in which people may apply."""

    __tablename__ = "cohort"
    __table_args__ = (
        CheckConstraint("seats > 0", name="seats_are_positive"),
        CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
    )

    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id", ondelete="RESTRICT"), index=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[Words]
    summary: Mapped[Words]
    track: Mapped[str] = mapped_column(default="")
    seats: Mapped[int]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1)

    programme: Mapped[Programme] = relationship(back_populates="cohorts")

    __mapper_args__ = {"version_id_col": version}

    def state_on(self, day: date) -> CohortState:
        if day < self.starts_on:
            return CohortState.PLANNED
        return CohortState.RUNNING if day <= self.ends_on else CohortState.FINISHED

    def window_at(self, moment: datetime) -> str:
        """Where the time for applications stands: "ahead", "open" or "over"."""
        return "ahead" if moment < self.opens_at else "open" if moment < self.closes_at else "over"

    def takes_applications(self, moment: datetime) -> bool:
        return self.opens_at <= moment < self.closes_at


class Lead(Keyed, Base):
    """That a person leads a cohort: sees its people, admits, issues."""

    __tablename__ = "lead"
    __table_args__ = (UniqueConstraint("person_id", "cohort_id"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort.id", ondelete="RESTRICT"), index=True)
    since: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = relationship()


class Application(Keyed, Base):
    """A person's request to join a cohort; a draft until it is sent (no stage, no receipt)."""

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("cohort_id", "person_id"),
        CheckConstraint("(sent_at IS NULL) = (receipt IS NULL)", name="sent_has_a_receipt"),
        CheckConstraint("(sent_at IS NULL) = (stage IS NULL)", name="sent_has_a_stage"),
        CheckConstraint(
            "stage IN ('applied', 'waiting', 'declined', 'withdrawn', 'admitted')", name="stage_is_of_an_application"
        ),
        Index("ix_application_cohort_stage", "cohort_id", "stage", "sent_at"),
    )

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort.id", ondelete="RESTRICT"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    stage: Mapped[Stage | None]
    name: Mapped[str] = mapped_column(default="")  # as corrected in this application; the person's own from sending on
    latin_name: Mapped[str] = mapped_column(default="")
    motivation: Mapped[str] = mapped_column(default="")
    background: Mapped[str] = mapped_column(default="")
    begun_at: Mapped[datetime] = mapped_column(default=clock.now)
    saved_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime | None]
    receipt: Mapped[str | None] = mapped_column(unique=True)
    waiting_since: Mapped[datetime | None]

    cohort: Mapped[Cohort] = relationship()
    person: Mapped[Person] = relationship()
    documents: Mapped[list["ApplicationDocument"]] = relationship(
        back_populates="application", cascade="all, delete-orphan", order_by="ApplicationDocument.id"
    )


class ApplicationDocument(Keyed, Base):
    """One file that goes with an application."""

    __tablename__ = "application_document"

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))

    application: Mapped[Application] = relationship(back_populates="documents")
    file: Mapped[StoredFile] = relationship()


class Traineeship(Keyed, Base):
    """One person in one cohort, from admission to exit. Its stage moves only through `traineeships.advance`."""

    __tablename__ = "traineeship"
    __table_args__ = (
        UniqueConstraint("cohort_id", "person_id"),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress_is_a_percentage"),
        CheckConstraint(
            "stage IN ('admitted', 'training', 'completed', 'certified', 'placed', 'left')",
            name="stage_is_of_a_traineeship",
        ),
        Index("ix_traineeship_cohort_stage", "cohort_id", "stage"),
        Index("ix_traineeship_cohort_certified", "cohort_id", "certified_at", "person_id"),
        CheckConstraint("(certified_at IS NOT NULL) = (stage IN ('certified', 'placed'))", name="certified_says_when"),
    )

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort.id", ondelete="RESTRICT"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    application_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("application.id", ondelete="RESTRICT"), unique=True
    )
    stage: Mapped[Stage]
    certified_at: Mapped[datetime | None]  # of the certificate that holds; taken back by a revocation
    admitted_at: Mapped[datetime] = mapped_column(default=clock.now)
    progress: Mapped[int] = mapped_column(default=0)  # per cent of required activities done, written by courses
    last_activity_at: Mapped[datetime | None]

    cohort: Mapped[Cohort] = relationship()
    person: Mapped[Person] = relationship()


BACK = "before IN ('certified', 'placed') AND stage = 'completed'"


def _happened(context: DefaultExecutionContext) -> datetime:
    return cast(datetime, (context.current_parameters or {})["happened_at"])


class StageEvent(Keyed, Base):
    """One move of one person in one cohort. Append-only: who, which stage, when it happened, when it was recorded, why.

    `counts_from` is when it happened, or when the move before it did, where that was later: a line without gaps.
    """

    __tablename__ = "stage_event"
    __table_args__ = (
        Index("ix_stage_event_line", "cohort_id", "person_id", "recorded_at", "id", "counts_from"),
        Index("ix_stage_event_stage", "stage", "counts_from", "cohort_id", "person_id", "recorded_at"),
        Index(
            "ix_stage_event_cohort_stage",
            "cohort_id",
            "stage",
            "before",
            "counts_from",
            "recorded_at",
            "person_id",
            "reason",
        ),
        Index("ix_stage_event_recorded", "recorded_at"),
        Index("ix_stage_event_back", "cohort_id", "person_id", sqlite_where=text(BACK), postgresql_where=text(BACK)),
    )

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort.id", ondelete="RESTRICT"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    stage: Mapped[Stage]
    before: Mapped[Stage | None] = mapped_column(stored(Stage, "before"))
    happened_at: Mapped[datetime] = mapped_column(default=clock.now)
    counts_from: Mapped[datetime] = mapped_column(default=_happened)
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    reason: Mapped[LeavingReason | None]
    note: Mapped[str] = mapped_column(default="")

    by: Mapped[Person | None] = relationship(foreign_keys=[by_id])
    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class Employment(StrEnum):
    """What somebody did when they applied."""

    STUDYING = "studying"
    SEEKING = "seeking"
    EMPLOYED = "employed"
    SELF_EMPLOYED = "self_employed"
    OTHER = "other"


class Field(StrEnum):
    """What was studied last."""

    COMPUTING = "computing"
    SCIENCE = "science"
    ENGINEERING = "engineering"
    BUSINESS = "business"
    HUMANITIES = "humanities"
    HEALTH = "health"
    ARTS = "arts"
    OTHER = "other"


class Region(StrEnum):
    """Where somebody lives, as coarse as a report may be."""

    YANGJAE = "yangjae"  # Seocho-gu and Gangnam-gu, around the hub
    SEOUL = "seoul"
    CAPITAL = "capital"  # Gyeonggi-do and Incheon
    ELSEWHERE = "elsewhere"


class Profile(Base):
    """What a person told for statistics alone, with a consent of its own. Everything may be left out."""

    __tablename__ = "profile"
    __table_args__ = (CheckConstraint("birth_year BETWEEN 1900 AND 2100", name="birth_year_is_sane"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), primary_key=True)
    sex: Mapped[Sex | None]
    birth_year: Mapped[int | None]
    region: Mapped[Region | None]
    field: Mapped[Field | None]
    employment: Mapped[Employment | None]
    told_at: Mapped[datetime] = mapped_column(default=clock.now)


class ReceiptCounter(Base):
    """The last receipt number given in a year."""

    __tablename__ = "receipt_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0, server_default=text("0"))
