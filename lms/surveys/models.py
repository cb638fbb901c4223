"""The tables of surveys.

An answer holds no person and no time. That somebody answered is a mark beside it, so that nobody answers twice, and the two
are kept so that they cannot be laid side by side: keys are drawn by chance, the tables lie in the order of their keys
(`sqlite_with_rowid`), and each answering writes all answers of its survey anew (`answering`), so that neither place nor
transaction tells which came last.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kit import clock
from lms.kit.db import Base, Keyed
from lms.kit.words import Words
from lms.people.models import Person
from lms.pipeline.models import Cohort


class Questionnaire(Keyed, Base):
    """One version of the questions. Never changed: other questions are a new version."""

    __tablename__ = "questionnaire"

    number: Mapped[int] = mapped_column(unique=True)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(default="")
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)


class Survey(Keyed, Base):
    """That a cohort is asked, about itself or about a course of it, with one version of the questions."""

    __tablename__ = "survey"
    __table_args__ = (
        CheckConstraint("opens_on <= closes_on", name="opens_before_it_closes"),
        CheckConstraint("closed_by_id IS NULL OR closed_at IS NOT NULL", name="closed_by_somebody_at_a_time"),
    )

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort.id", ondelete="RESTRICT"), index=True)
    subject: Mapped[str] = mapped_column(unique=True)  # what it is about, as its maker names it; asked once only
    title: Mapped[Words]
    questionnaire_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("questionnaire.id", ondelete="RESTRICT"))
    opens_on: Mapped[date]
    closes_on: Mapped[date]  # the last day
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    invited_at: Mapped[datetime | None]  # when the letters were written
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))

    cohort: Mapped[Cohort] = relationship()
    questionnaire: Mapped[Questionnaire] = relationship()
    made_by: Mapped[Person | None] = relationship(foreign_keys=[made_by_id])

    def state_on(self, day: date) -> str:
        """ "ahead", "open" or "over"; once over it does not open again."""
        if self.closed_at or day > self.closes_on:
            return "over"
        return "ahead" if day < self.opens_on else "open"


class SurveyMark(Base):
    """That a person answered a survey. Nothing else is kept of it, also not when."""

    __tablename__ = "survey_mark"
    __table_args__ = {"sqlite_with_rowid": False}

    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey.id", ondelete="RESTRICT"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("person.id", ondelete="RESTRICT"), primary_key=True, index=True
    )


class SurveyAnswer(Base):
    """One answer to one question. Answers of one person are not held together."""

    __tablename__ = "survey_answer"
    __table_args__ = (
        CheckConstraint("(scale IS NULL) <> (text IS NULL)", name="is_a_step_or_a_text"),
        CheckConstraint("scale BETWEEN 1 AND 5", name="scale_is_one_to_five"),
        Index("ix_survey_answer_survey", "survey_id"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)  # by chance alone, unlike other keys
    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey.id", ondelete="RESTRICT"))
    question: Mapped[str]
    scale: Mapped[int | None]
    text: Mapped[str | None]
